package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

import dev.cairn.testkit.store.S3Server;

/** Deletions of many objects, as S3 answers them. */
class S3DeletionTest {

    private static final List<String> KEYS = List.of("job/a", "job/locked", "job/z");

    @TempDir
    Path directory;

    private final Requests requests = new Requests();

    @BeforeEach
    void createBucket() throws IOException {
        Files.createDirectories(directory.resolve("bucket"));
    }

    @Test
    void shouldDeleteAllWithOneRequestThatCarriesItsChecksumInAHeader() {
        try (S3Server server = S3Server.start(directory);
                S3Client client = client(server);
                ObjectStore store = store(client)) {
            // Given
            KEYS.forEach(key -> store.put(key, bytes(key)));
            requests.sent.clear();

            // When
            Map<String, String> left = store.deleteAll(KEYS);

            // Then
            assertThat(left).isEmpty();
            assertThat(store.list("job")).isEmpty();
            SdkHttpRequest request = requests.onlyOne();
            assertThat(request.rawQueryParameters()).containsKey("delete");
            assertThat(request.headers()).containsKey("x-amz-checksum-crc32c").doesNotContainKey("x-amz-trailer");
        }
    }

    @Test
    void shouldNameWhatIsLeftAndDeleteTheRest() {
        try (S3Server server = S3Server.start(directory, Locked::new);
                S3Client client = client(server);
                ObjectStore store = store(client)) {
            // Given
            KEYS.forEach(key -> store.put(key, bytes(key)));

            // When
            Map<String, String> left = store.deleteAll(KEYS);

            // Then
            assertThat(left).containsOnlyKeys("job/locked");
            assertThat(store.list("job")).extracting(StoredObject::key).containsExactly("job/locked");
        }
    }

    @Test
    void shouldDeleteOneByOneInAStoreThatDoesNotKnowTheRequest() {
        requests.refusal = S3Exceptions.fromStatusCode(501);
        try (S3Server server = S3Server.start(directory);
                S3Client client = client(server);
                ObjectStore store = store(client)) {
            // Given
            KEYS.forEach(key -> store.put(key, bytes(key)));

            // When
            Map<String, String> left = store.deleteAll(KEYS);

            // Then: it asks once
            assertThat(left).isEmpty();
            assertThat(store.list("job")).isEmpty();
            requests.sent.clear();
            store.deleteAll(KEYS);
            assertThat(requests.sent).hasSameSizeAs(KEYS);
        }
    }

    /** S3 answers 400 to what is about the moment, too. */
    @ParameterizedTest
    @ValueSource(strings = {"RequestTimeout", "ExpiredToken", "IncompleteBody"})
    void shouldNotTakeAFailureOfTheMomentForAStoreThatDoesNotKnowTheRequest(String code) {
        try (S3Server server = S3Server.start(directory);
                S3Client client = client(server);
                ObjectStore store = store(client)) {
            // Given
            KEYS.forEach(key -> store.put(key, bytes(key)));
            requests.refusal = (S3Exception) S3Exception.builder()
                    .statusCode(400)
                    .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                    .build();

            // When
            assertThatThrownBy(() -> store.deleteAll(KEYS)).isInstanceOf(StorageException.class);

            // Then
            requests.refusal = null;
            requests.sent.clear();
            assertThat(store.deleteAll(KEYS)).isEmpty();
            requests.onlyOne();
            assertThat(store.list("job")).isEmpty();
        }
    }

    private ObjectStore store(S3Client client) {
        return ObjectStores.open("s3://bucket/prefix", () -> client, StoreOptions.DEFAULT);
    }

    private S3Client client(S3Server server) {
        return server.client(ClientOverrideConfiguration.builder()
                .addExecutionInterceptor(requests)
                .build());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Keeps what is sent, and refuses to delete several objects, if it is to. */
    private static final class Requests implements ExecutionInterceptor {

        private final List<SdkHttpRequest> sent = new CopyOnWriteArrayList<>();
        private volatile S3Exception refusal;

        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
            SdkRequest request = context.request();
            if (refusal != null && request instanceof DeleteObjectsRequest) {
                throw refusal;
            }
            sent.add(context.httpRequest());
        }

        private SdkHttpRequest onlyOne() {
            List<SdkHttpRequest> all = new ArrayList<>(sent);
            return all.stream()
                    .filter(request -> request.rawQueryParameters().containsKey("delete"))
                    .reduce((one, other) -> {
                        throw new AssertionError("more than one request: " + all);
                    })
                    .orElseThrow();
        }
    }

    /** A store with objects that no one may delete. */
    private static final class Locked extends ForwardingBlobStore {

        Locked(BlobStore store) {
            super(store);
        }

        @Override
        public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
            if (request.key().endsWith("/locked")) {
                throw S3Exceptions.fromStatusCode(403);
            }
            return super.removeBlob(request);
        }
    }
}
