package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.testkit.store.S3Service;

/** What every object store keeps, and what those in S3 keep besides. A subclass names the service. */
abstract class S3StoreContract extends ObjectStoreContract {

    private static final int SEVERAL_PARTS = 40_000_003;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private String bucket;
    private S3Client client;

    /** The service, which outlives the test. */
    abstract S3Service service();

    /** A client of it, which outlives the test. */
    abstract S3Client client();

    final String bucket() {
        return bucket;
    }

    @BeforeEach
    @Override
    void openStore() {
        client = client();
        bucket = "cairn-" + UUID.randomUUID();
        client.createBucket(request -> request.bucket(bucket));
        super.openStore();
    }

    /** As a worker opens it: the store makes one attempt of a request, and a server may refuse one. */
    @Override
    ObjectStore open(StoreOptions options) {
        ObjectStore store =
                ObjectStores.openForCheckpoints("s3://" + bucket + "/checkpoints/prod", () -> client, options);
        return new RetryingObjectStore(store, LIMIT);
    }

    @Test
    void shouldTransferAFileOfSeveralParts() throws IOException {
        // Given
        byte[] content = new byte[SEVERAL_PARTS];
        new Random(1).nextBytes(content);
        Path file = Files.write(local.resolve("base.sst"), content);
        try (ObjectStore store = open()) {
            // When
            store.put("job/base", file);
            store.download("job/base", local.resolve("back.sst"));

            // Then
            assertThat(local.resolve("back.sst")).hasSameBinaryContentAs(file);
            assertThat(openFiles()).doesNotContain(file.toRealPath());
            assertThat(client.listMultipartUploads(request -> request.bucket(bucket))
                            .uploads())
                    .isEmpty();
        }
    }

    private static List<Path> openFiles() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (Path link : links) {
                files.add(Files.readSymbolicLink(link));
            }
        }
        return files;
    }

    @Test
    void shouldUseAWholeBucket() {
        try (ObjectStore store = ObjectStores.open("s3://" + bucket + "/", () -> client, StoreOptions.DEFAULT)) {
            store.put("job/a", new byte[] {1});

            assertThat(store.location()).isEqualTo("s3://" + bucket);
            assertThat(store.list("job")).extracting(StoredObject::key).containsExactly("job/a");
            assertThat(store.directories("")).containsExactly("job");
            assertThat(client.getObjectAsBytes(request -> request.bucket(bucket).key("job/a"))
                            .asByteArray())
                    .containsExactly(1);
        }
    }

    @Test
    void shouldLookIntoABucketWithoutChangingIt() {
        // Given
        client.putObject(request -> request.bucket(bucket).key("prod/job/a"), RequestBody.fromString("content"));
        try (ObjectStore store = ObjectStores.openToRead("s3://" + bucket + "/prod", () -> client)) {
            // Then
            assertThat(store.read("job/a")).asString().isEqualTo("content");
            assertThatThrownBy(() -> store.delete("job/a"))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("s3://" + bucket + "/prod");
        }
    }

    @Test
    void shouldLeaveNothingOfItsProbe() {
        try (ObjectStore store = open()) {
            assertThat(client.listObjectsV2(request -> request.bucket(bucket)).contents())
                    .isEmpty();
            assertThat(store.location()).isEqualTo("s3://" + bucket + "/checkpoints/prod");
        }
    }

    @Test
    void shouldNameABucketThatDoesNotExist() {
        assertThatThrownBy(() ->
                        ObjectStores.openForCheckpoints("s3://no-such-bucket/x", () -> client, StoreOptions.DEFAULT))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("s3://no-such-bucket/x")
                .hasMessageContaining("Create the bucket");
    }

    @Test
    void shouldSayThatCredentialsAreRefused() {
        try (S3Client stranger = service().client("wrong")) {
            assertThatThrownBy(() -> ObjectStores.openForCheckpoints(
                            "s3://" + bucket + "/x", () -> stranger, StoreOptions.DEFAULT))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("s3://" + bucket + "/x")
                    .hasMessageContaining("Check the credentials");
        }
    }
}
