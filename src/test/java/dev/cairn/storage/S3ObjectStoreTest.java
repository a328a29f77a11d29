package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.testkit.fault.BreakingS3;
import dev.cairn.testkit.store.S3Server;
import dev.cairn.testkit.store.S3Service;

class S3ObjectStoreTest extends S3StoreContract {

    private static final int SIZE = 40_000_003;

    private static S3Server server;
    private static S3Client client;

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

    @Override
    S3Service service() {
        return server;
    }

    @Override
    S3Client client() {
        return client;
    }

    /** The server of these tests lists its temporary files, next to the object and with a longer name. S3 does not. */
    @Override
    boolean isUnderWay(String key) {
        return !key.matches("job/[a-z]+-[0-9]+");
    }

    @Test
    void shouldTellOnceWhatHasArrivedThoughAnswersBreakOff(@TempDir Path directory) throws IOException {
        // Given
        byte[] content = new byte[SIZE];
        new Random(1).nextBytes(content);
        Files.createDirectories(directory.resolve("broken"));
        AtomicReference<BreakingS3> line = new AtomicReference<>();
        try (S3Server breaking = S3Server.start(
                        directory, objects -> line.updateAndGet(none -> new BreakingS3(objects, 2, 1_000_000)));
                S3Client breakingClient = breaking.client();
                ObjectStore store = ObjectStores.open("s3://broken", () -> breakingClient, StoreOptions.DEFAULT)) {
            // In one request: the server would read the parts of several when they are put together.
            Path whole = Files.write(local.resolve("base.sst"), content);
            breakingClient.putObject(request -> request.bucket("broken").key("job/base"), whole);
            Queue<Long> arrived = new ConcurrentLinkedQueue<>();

            // When
            store.download("job/base", local.resolve("back.sst"), arrived::add);

            // Then
            assertThat(line.get().isDone()).isTrue();
            assertThat(arrived).anyMatch(bytes -> bytes < 0).hasSizeGreaterThan(100);
            assertThat(arrived.stream().mapToLong(Long::longValue).sum()).isEqualTo(SIZE);
            assertThat(local.resolve("back.sst")).hasBinaryContent(content);
        }
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        S3Server gone = S3Server.start(local);
        try (S3Client lost = gone.client()) {
            gone.close();
            assertThatThrownBy(
                            () -> ObjectStores.openForCheckpoints("s3://" + bucket(), () -> lost, StoreOptions.DEFAULT))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("cannot reach s3://" + bucket())
                    .hasMessageContaining("quarkus.s3.endpoint-override");
        }
    }
}
