package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.testkit.fault.HangingS3;
import dev.cairn.testkit.store.S3Server;

/** A call to a server that does not answer is left at once by a thread that is interrupted. */
class S3InterruptTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration AT_ONCE = Duration.ofSeconds(3);
    private static final int TWO_PARTS_AND_A_BIT = 11 << 20;
    private static final StoreOptions SMALL_PARTS =
            new StoreOptions(1 << 16, 5L << 20, S3Encryption.BUCKET, java.util.Optional.empty());

    private final AtomicReference<HangingS3> hanging = new AtomicReference<>();

    @TempDir
    Path directory;

    private S3Server server;
    private S3Client client;
    private ObjectStore store;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(directory.resolve("objects/bucket"));
        server = S3Server.start(
                directory.resolve("objects"), objects -> hanging.updateAndGet(none -> new HangingS3(objects)));
        client = server.client();
        store = ObjectStores.open("s3://bucket", () -> client, SMALL_PARTS);
    }

    @AfterEach
    void stop() {
        hanging.get().release();
        store.close();
        client.close();
        server.close();
    }

    @Test
    void shouldLeaveAMultipartUploadAndAbortIt() throws Exception {
        // Given
        hanging.get().hangPartsAlone();
        Path file = Files.write(directory.resolve("base.sst"), new byte[TWO_PARTS_AND_A_BIT]);

        // When
        Throwable failure = interrupted(objects -> objects.put("job/base", file), 3);

        // Then
        assertThat(failure).isInstanceOf(StorageException.class).hasMessageContaining("interrupted");
        hanging.get().release();
        await("nothing is left of the upload").atMost(LIMIT).until(() -> client.listMultipartUploads(
                        request -> request.bucket("bucket"))
                .uploads()
                .isEmpty());
        assertThat(store.list("job")).isEmpty();
    }

    @Test
    void shouldLeaveASingleUpload() throws Exception {
        Path file = Files.write(directory.resolve("delta.sst"), new byte[100]);

        assertThat(interrupted(objects -> objects.put("job/delta", file), 1)).isInstanceOf(StorageException.class);
    }

    @Test
    void shouldLeaveAConditionalWrite() throws Exception {
        assertThat(interrupted(objects -> objects.create("job/_metadata", new byte[10]), 1))
                .isInstanceOf(StorageException.class);
    }

    /** Parts that were left do not hold up the next upload. */
    @Test
    void shouldUploadAgainAfterOneThatWasLeft() throws Exception {
        // Given
        hanging.get().hangPartsAlone();
        Path file = Files.write(directory.resolve("base.sst"), new byte[TWO_PARTS_AND_A_BIT]);
        for (int i = 0; i < 4; i++) {
            interrupted(objects -> objects.put("job/base", file), 3 * (i + 1));
        }

        // When
        hanging.get().release();
        store.put("job/again", file);

        // Then
        assertThat(store.list("job")).extracting(StoredObject::key).contains("job/again");
    }

    /** Interrupts a call once so many uploads have arrived at the server. @return how it ended */
    private Throwable interrupted(Consumer<ObjectStore> call, int uploads) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                call.accept(store);
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
        caller.start();
        await("the server has the uploads")
                .atMost(LIMIT)
                .until(() -> hanging.get().waiting() >= uploads);
        caller.interrupt();
        caller.join(AT_ONCE.toMillis());
        assertThat(caller.isAlive()).as("the call has been left").isFalse();
        return failure.get();
    }
}
