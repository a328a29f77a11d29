package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

import dev.cairn.testkit.store.S3Service;

class OneAttemptS3Test {

    private static final int BUSY = 503;

    private final AtomicInteger attempts = new AtomicInteger();
    private HttpServer server;
    private S3Client client;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            attempts.incrementAndGet();
            exchange.sendResponseHeaders(BUSY, -1);
            exchange.close();
        });
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        client = S3Service.clientBuilder(endpoint, S3Service.SECRET_KEY).build();
    }

    @AfterEach
    void stopServer() {
        client.close();
        server.stop(0);
    }

    @Test
    void shouldLeaveRepetitionsToWhoeverCountsThem() {
        try (ObjectStore store = ObjectStores.open("s3://bucket/x", () -> client, StoreOptions.DEFAULT)) {
            assertThatThrownBy(() -> store.create("key", new byte[10])).isInstanceOf(StorageException.class);
            assertThat(attempts).hasValue(1);

            assertThatThrownBy(() -> store.list("key")).isInstanceOf(StorageException.class);
            assertThat(attempts).hasValue(2);
        }
    }

    /** A transfer of a thousand parts would begin again because of one. */
    @Test
    void shouldRepeatAPartOfATransfer() {
        OneAttemptS3 once = new OneAttemptS3(client);

        assertThatThrownBy(() -> once.getObject(
                        request -> request.bucket("bucket").key("key").range("bytes=0-9"),
                        ResponseTransformer.toBytes()))
                .isInstanceOf(S3Exception.class);

        assertThat(attempts).hasValueGreaterThan(1);
    }
}
