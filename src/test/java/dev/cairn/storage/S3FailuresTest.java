package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.testkit.store.S3Service;

class S3FailuresTest {

    private final AtomicReference<String> body = new AtomicReference<>("");
    private HttpServer server;
    private S3Client client;

    @BeforeEach
    void refuseEverything() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] content = body.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(400, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        server.start();
        client = S3Service.clientBuilder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()), S3Service.SECRET_KEY)
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void shouldNameTheWayOutWhereTheStoreGivesACodeAlone() {
        body.set("<Error><Code>XAmzContentSHA256Mismatch</Code></Error>");

        assertThatThrownBy(() -> ObjectStores.openForCheckpoints("s3://bucket/x", () -> client, StoreOptions.DEFAULT))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot use s3://bucket/x: the store answers XAmzContentSHA256Mismatch")
                .hasMessageContaining("Status Code: 400")
                .hasMessageContaining("Set quarkus.s3.chunked-encoding=false");
    }

    @Test
    void shouldNameTheWayOutWhereTheStoreGivesNothing() {
        try (ObjectStore store = ObjectStores.open("s3://bucket/x", () -> client, StoreOptions.DEFAULT)) {
            assertThatThrownBy(() -> store.put("job/a", new byte[] {1}))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("cannot store s3://bucket/x/job/a: ")
                    .hasMessageContaining("Set quarkus.s3.chunked-encoding=false");
        }
    }

    @Test
    void shouldLeaveTheStoresOwnWordsAsTheyAre() {
        body.set("<Error><Code>InvalidRequest</Code><Message>the part is too small</Message></Error>");

        try (ObjectStore store = ObjectStores.open("s3://bucket/x", () -> client, StoreOptions.DEFAULT)) {
            assertThatThrownBy(() -> store.put("job/a", new byte[] {1}))
                    .hasMessageContaining("cannot store s3://bucket/x/job/a: the part is too small")
                    .hasMessageNotContaining("quarkus.s3.chunked-encoding");
        }
    }
}
