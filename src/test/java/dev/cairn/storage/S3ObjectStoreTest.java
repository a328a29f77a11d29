package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.testkit.BreakingS3;
import dev.cairn.testkit.S3Server;

class S3ObjectStoreTest extends ObjectStoreContract {

    private static final int SEVERAL_PARTS = 40_000_003;

    private static S3Server server;
    private static S3Client client;

    private String bucket;

    @BeforeAll
    static void startServer(@TempDir Path directory) {
        server = S3Server.start(directory);
        client = server.client();
    }

    @AfterAll
    static void stopServer() {
        client.close();
        server.close();
    }

    @BeforeEach
    @Override
    void openStore() {
        bucket = "cairn-" + UUID.randomUUID();
        client.createBucket(request -> request.bucket(bucket));
        super.openStore();
    }

    @Override
    ObjectStore open(StoreOptions options) {
        return ObjectStores.openForCheckpoints("s3://" + bucket + "/checkpoints/prod", () -> client, options);
    }

    /** The server of these tests lists its temporary files, beside the object and with a longer name. S3 does not. */
    @Override
    boolean isUnderWay(String key) {
        return !key.matches("job/[a-z]+-[0-9]+");
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

    @Test
    void shouldTellOnceWhatHasArrivedThoughAnswersBreakOff(@TempDir Path directory) throws IOException {
        // Given
        byte[] content = new byte[SEVERAL_PARTS];
        new Random(1).nextBytes(content);
        Files.createDirectories(directory.resolve("broken"));
        AtomicReference<BreakingS3> line = new AtomicReference<>();
        try (S3Server breaking = S3Server.start(
                        directory, objects -> line.updateAndGet(none -> new BreakingS3(objects, 2, 1_000_000)));
                S3Client breakingClient = breaking.client();
                ObjectStore store = ObjectStores.open("s3://broken", () -> breakingClient, StoreOptions.DEFAULT)) {
            store.put("job/base", Files.write(local.resolve("base.sst"), content));
            Queue<Long> arrived = new ConcurrentLinkedQueue<>();

            // When
            store.download("job/base", local.resolve("back.sst"), arrived::add);

            // Then
            assertThat(line.get().isDone()).isTrue();
            assertThat(arrived).anyMatch(bytes -> bytes < 0).hasSizeGreaterThan(100);
            assertThat(arrived.stream().mapToLong(Long::longValue).sum()).isEqualTo(SEVERAL_PARTS);
            assertThat(local.resolve("back.sst")).hasBinaryContent(content);
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
        try (S3Client stranger = server.client("wrong")) {
            assertThatThrownBy(() -> ObjectStores.openForCheckpoints(
                            "s3://" + bucket + "/x", () -> stranger, StoreOptions.DEFAULT))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("s3://" + bucket + "/x")
                    .hasMessageContaining("Check the credentials");
        }
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        S3Server gone = S3Server.start(local);
        try (S3Client lost = gone.client()) {
            gone.close();
            assertThatThrownBy(
                            () -> ObjectStores.openForCheckpoints("s3://" + bucket, () -> lost, StoreOptions.DEFAULT))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("cannot reach s3://" + bucket)
                    .hasMessageContaining("quarkus.s3.endpoint-override");
        }
    }
}
