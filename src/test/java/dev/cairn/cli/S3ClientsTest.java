package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.storage.S3Encryption;
import dev.cairn.storage.StoreOptions;
import dev.cairn.testkit.Ports;
import dev.cairn.testkit.store.S3Server;

class S3ClientsTest {

    private static final String BUCKET = "checkpoints";
    private static final int PART_BYTES = 5 << 20;

    @TempDir
    Path directory;

    private final RecordedRequests sent = new RecordedRequests();

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void shouldSendPlainRequests(String scheme) throws IOException {
        // Given
        Files.createDirectories(directory.resolve("s3").resolve(BUCKET));
        Path file = Files.write(directory.resolve("base"), new byte[2 * PART_BYTES + 1]);
        StoreOptions options = new StoreOptions(1 << 16, PART_BYTES, S3Encryption.BUCKET, Optional.empty());
        try (S3Server server = S3Server.start(directory.resolve("s3"));
                S3Client client = client(server, "quarkus.s3.endpoint-override", endpoint(server, scheme));
                ObjectStore store = ObjectStores.open("s3://" + BUCKET, () -> client, options)) {
            // When
            attempt(scheme, () -> store.create("job/_metadata", new byte[0]));
            attempt(scheme, () -> store.put("job/delta", new byte[] {1}));
            attempt(scheme, () -> store.put("job/base", file));
            attempt(scheme, () -> store.put("job/small", Files.write(directory.resolve("small"), new byte[] {1})));
            attempt(scheme, () -> store.read("job/delta"));
            attempt(scheme, () -> store.download("job/base", directory.resolve("back")));
            attempt(scheme, () -> store.list("job"));
            attempt(
                    scheme,
                    () -> client.deleteObjects(request -> request.bucket(BUCKET)
                            .delete(delete -> delete.objects(
                                    ObjectIdentifier.builder().key("job/delta").build()))));
        }

        // Then
        assertThat(sent.requests()).hasSizeGreaterThanOrEqualTo(8).allSatisfy(request -> {
            assertThat(request.headers())
                    .doesNotContainKeys("x-amz-trailer", "x-amz-te", "x-amz-decoded-content-length")
                    .doesNotContainKeys("Content-Encoding", "Transfer-Encoding");
            assertThat(request.firstMatchingHeader("x-amz-content-sha256"))
                    .hasValueSatisfying(hash -> assertThat(hash).doesNotContain("STREAMING"));
        });
        assertThat(sent.requests())
                .filteredOn(request -> request.method() == SdkHttpMethod.PUT)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(request -> assertThat(request.firstMatchingHeader("x-amz-checksum-crc32c"))
                        .isPresent());
    }

    /** Nothing there answers to TLS, and what counts is what was about to be sent. */
    private static String endpoint(S3Server server, String scheme) {
        return scheme.equals("http") ? server.endpoint().toString() : "https://127.0.0.1:" + Ports.free();
    }

    private static void attempt(String scheme, Call call) {
        Throwable failure = catchThrowable(call::run);
        if (scheme.equals("http")) {
            assertThat(failure).isNull();
        }
    }

    private interface Call {
        void run() throws IOException;
    }

    @Test
    void shouldSendWhatTheSettingsSay() {
        // Given
        try (S3Server server = S3Server.start(directory);
                S3Client client = client(
                        server,
                        "quarkus.s3.chunked-encoding",
                        "true",
                        "quarkus.s3.aws.region",
                        "${region.of.the.bucket}",
                        "region.of.the.bucket",
                        "eu-central-1",
                        "quarkus.s3.aws.credentials.static-provider.access-key-id",
                        "another")) {
            // When
            assertThatThrownBy(() -> client.putObject(
                            request -> request.bucket(BUCKET).key("key"), RequestBody.fromString("content")))
                    .isInstanceOf(S3Exception.class);
        }

        // Then
        SdkHttpRequest request = sent.requests().get(0);
        assertThat(request.encodedPath()).isEqualTo("/checkpoints/key");
        assertThat(request.firstMatchingHeader("Content-Encoding")).contains("aws-chunked");
        assertThat(request.firstMatchingHeader("Authorization"))
                .hasValueSatisfying(value ->
                        assertThat(value).contains("Credential=another/").contains("/eu-central-1/s3/"));
    }

    @Test
    void shouldTakeCredentialsFromWhereTheSettingsSay() throws IOException {
        // Given
        Path program = Files.writeString(
                directory.resolve("credentials.sh"),
                "#!/bin/sh\necho '{\"Version\":1,\"AccessKeyId\":\"of-a-process\",\"SecretAccessKey\":\"secret\"}'\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        try (S3Server server = S3Server.start(directory);
                S3Client client = client(
                        server,
                        "quarkus.s3.aws.credentials.type",
                        "process",
                        "quarkus.s3.aws.credentials.process-provider.command",
                        program.toString())) {
            // When
            assertThatThrownBy(() -> client.listObjectsV2(request -> request.bucket(BUCKET)))
                    .isInstanceOf(S3Exception.class);
        }

        // Then
        assertThat(sent.requests().get(0).firstMatchingHeader("Authorization"))
                .hasValueSatisfying(value -> assertThat(value).contains("Credential=of-a-process/"));
    }

    @Test
    void shouldGoThroughTheProxyOfTheSettings() throws Exception {
        // Given
        LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        proxy.start();
        try (S3Client client = client(Map.of(
                "quarkus.s3.endpoint-override",
                "http://s3.example.test",
                "quarkus.s3.sync-client.apache.proxy.enabled",
                "true",
                "quarkus.s3.sync-client.apache.proxy.endpoint",
                "http://127.0.0.1:" + proxy.getAddress().getPort()))) {
            // When
            assertThatThrownBy(() -> client.listObjectsV2(request -> request.bucket(BUCKET)))
                    .isInstanceOf(S3Exception.class);
        } finally {
            proxy.stop(0);
        }

        // Then
        assertThat(asked.poll(30, TimeUnit.SECONDS)).startsWith("http://checkpoints.s3.example.test/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quarkus.s3.api-call-timeout", "quarkus.s3.api-call-attempt-timeout"})
    void shouldWaitAsLongAsTheSettingsSay(String setting) throws IOException {
        // Given: a server that never answers
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                S3Client client = client(Map.of(
                        "quarkus.s3.endpoint-override",
                        "http://127.0.0.1:" + silent.getLocalPort(),
                        "quarkus.s3.path-style-access",
                        "true",
                        setting,
                        "200MS"))) {
            // Then
            assertThatThrownBy(() -> client.listObjectsV2(request -> request.bucket(BUCKET)))
                    .isInstanceOfAny(ApiCallTimeoutException.class, ApiCallAttemptTimeoutException.class)
                    .hasMessageContaining("200 millis");
        }
    }

    @Test
    void shouldOpenAsManyConnectionsAsTheSettingsSay() throws IOException {
        // Given
        Files.createDirectories(directory.resolve(BUCKET));
        try (S3Server server = S3Server.start(directory);
                S3Client client = client(
                        server,
                        "quarkus.s3.sync-client.apache.max-connections",
                        "1",
                        "quarkus.s3.sync-client.apache.connection-acquisition-timeout",
                        "200MS",
                        "quarkus.s3.api-call-attempt-timeout",
                        "20S")) {
            client.putObject(request -> request.bucket(BUCKET).key("key"), RequestBody.fromString("content"));

            // When
            try (ResponseInputStream<GetObjectResponse> open =
                    client.getObject(request -> request.bucket(BUCKET).key("key"))) {
                // Then
                assertThatThrownBy(() -> client.listObjectsV2(request -> request.bucket(BUCKET)))
                        .isInstanceOf(SdkClientException.class)
                        .hasMessageContaining("Timeout waiting for connection from pool");
                open.abort();
            }
        }
    }

    @Test
    void shouldHaveRoomForAllTransfersOfAWorker() throws IOException {
        // Given
        Files.createDirectories(directory.resolve(BUCKET));
        try (S3Server server = S3Server.start(directory);
                S3Client client = client(server)) {
            client.putObject(request -> request.bucket(BUCKET).key("key"), RequestBody.fromString("content"));
            InputStream[] open = new InputStream[60];

            // When
            for (int i = 0; i < open.length; i++) {
                open[i] = client.getObject(request -> request.bucket(BUCKET).key("key"));
            }

            // Then
            assertThat(open).doesNotContainNull();
            for (InputStream each : open) {
                ((ResponseInputStream<?>) each).abort();
            }
        }
    }

    private S3Client client(S3Server server, String... settings) {
        Map<String, String> all = new HashMap<>(server.settings());
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return client(all);
    }

    private S3Client client(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("quarkus.s3.aws.region", "us-east-1");
        all.putIfAbsent("quarkus.s3.aws.credentials.type", "static");
        all.putIfAbsent("quarkus.s3.aws.credentials.static-provider.access-key-id", "cairn");
        all.putIfAbsent("quarkus.s3.aws.credentials.static-provider.secret-access-key", "cairn-secret");
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDefaultSources()
                .withSources(new PropertiesConfigSource(all, "test", 500))
                .build();
        S3ClientBuilder client = S3Clients.builder(config);
        return client.overrideConfiguration(client.overrideConfiguration().toBuilder()
                        .addExecutionInterceptor(sent)
                        .build())
                .build();
    }
}
