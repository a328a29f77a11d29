package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.storage.StoreFailure.Access;
import dev.cairn.testkit.fault.FaultyS3;
import dev.cairn.testkit.fault.FaultyS3.Fault;
import dev.cairn.testkit.store.ForwardingObjectStore;
import dev.cairn.testkit.store.S3Server;

class RetryingObjectStoreTest {

    private static final int SEVERAL_PARTS = 40_000_003;

    /** A seed by which a part of the first upload fails, and the end of the second one. */
    private static final long BREAKS_A_PART_AND_AN_END = 21;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 99, 100, 3_000, 5_000, 300_000})
    void shouldWorkWithAnyLimit(long limitMillis) {
        // Given
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);
        ObjectStore files = ObjectStores.open(directory.toString());

        // When
        try (ObjectStore store = new RetryingObjectStore(files, Duration.ofMillis(limitMillis))) {
            store.put("job/object", content);

            // Then
            assertThat(store.read("job/object")).isEqualTo(content);
        }
    }

    /** S3 answers 200, and says of each object why it is still there. */
    @Test
    void shouldShowAStoreThatDeniesDeletionsAsFailing() {
        // Given
        AtomicReference<Map<String, String>> left = new AtomicReference<>(Map.of("job/b", "AccessDenied: no"));
        ObjectStore denying = new ForwardingObjectStore(ObjectStores.open(directory.toString())) {
            @Override
            public Map<String, String> deleteAll(Collection<String> keys) {
                return left.get();
            }
        };
        try (ObjectStore store = new RetryingObjectStore(denying, Duration.ofSeconds(5))) {

            // When
            Map<String, String> answer = store.deleteAll(List.of("job/a", "job/b"));
            store.deleteAll(List.of("job/b"));

            // Then
            assertThat(answer).isEqualTo(left.get());
            assertThat(store.status().failing()).singleElement().satisfies(failure -> {
                assertThat(failure.access()).isEqualTo(Access.DELETE);
                assertThat(failure.attempts()).isEqualTo(2);
                assertThat(failure.message()).contains(store.location() + "/job/b", "AccessDenied: no");
            });

            // When
            left.set(Map.of());
            store.deleteAll(List.of("job/b"));

            // Then
            assertThat(store.status().failing()).isEmpty();
        }
    }

    @Test
    void shouldStoreALargeFileWhoseUploadBreaks() throws IOException {
        // Given
        byte[] content = new byte[SEVERAL_PARTS];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("base.sst"), content);
        Files.createDirectories(directory.resolve("objects/bucket"));
        AtomicReference<FaultyS3> faults = new AtomicReference<>();
        try (S3Server server = S3Server.start(
                        directory.resolve("objects"),
                        store -> faults.updateAndGet(none ->
                                new FaultyS3(store, BREAKS_A_PART_AND_AN_END, Set.of(Fault.BROKEN_MULTIPART))));
                S3Client client = server.client(ClientOverrideConfiguration.builder()
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .build());
                ObjectStore objects = ObjectStores.open("s3://bucket", () -> client, StoreOptions.DEFAULT);
                ObjectStore store = new RetryingObjectStore(objects, Duration.ofMinutes(2))) {
            // When
            store.put("job/base", file);

            // Then
            assertThat(faults.get().fired()).containsExactly(Fault.BROKEN_MULTIPART);
            assertThat(client.listMultipartUploads(request -> request.bucket("bucket"))
                            .uploads())
                    .isEmpty();
            store.download("job/base", directory.resolve("back.sst"));
            assertThat(directory.resolve("back.sst")).hasSameBinaryContentAs(file);
        }
    }
}
