package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.fault.FreezableProxy;
import dev.cairn.testkit.store.S3Server;
import dev.cairn.testkit.worker.WorkerProcess;

/** A store that accepts connections and answers nothing, with the time-outs that a worker has by default. */
class SilentStoreIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration SAID_LIMIT = Duration.ofSeconds(30);
    private static final Duration END_LIMIT = Duration.ofSeconds(25);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    private S3Server server;
    private FreezableProxy proxy;

    @BeforeEach
    void startStore() throws IOException {
        Path objects = directory.resolve("s3");
        Files.createDirectories(objects.resolve("bucket"));
        server = S3Server.start(objects);
        proxy = FreezableProxy.before(server.endpoint());
    }

    @AfterEach
    void stopStore() {
        proxy.close();
        server.close();
    }

    @Test
    void shouldSayThatTheStoreDoesNotAnswerAndEndSoon() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "silent-store").send(100);
        WorkerProcess.Builder workers = workers(job);
        try (WorkerProcess worker = workers.start()) {
            job.awaitCaughtUp();

            // When
            proxy.freeze();
            job.send(100);

            // Then
            worker.awaitOutput("the store fails: .*", SAID_LIMIT);
            await("not ready")
                    .atMost(SAID_LIMIT)
                    .until(() -> worker.health("ready").status() == 503);
            assertThat(worker.health("ready").body().toString()).doesNotContain("a call to Kafka");
            endSoon(worker);
        }

        // And
        proxy.thaw();
        try (WorkerProcess worker = workers.start()) {
            job.send(20).awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldSayWhatItsStartWaitsForAndEndSoon() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "silent-start").send(20);
        proxy.freeze();

        // When
        try (WorkerProcess worker = workers(job).start()) {

            // Then
            worker.awaitOutput("the start waits for the store at s3://bucket/x.*", SAID_LIMIT);
            endSoon(worker);
        }
    }

    private WorkerProcess.Builder workers(SmallJob job) {
        Map<String, String> settings = new HashMap<>(server.settings());
        settings.remove("quarkus.s3.sync-client.socket-timeout");
        settings.put("quarkus.s3.endpoint-override", proxy.endpoint().toString());
        return job.worker().set(settings).set("state.checkpoints.dir", "s3://bucket/x");
    }

    private static void endSoon(WorkerProcess worker) {
        long began = System.nanoTime();
        worker.terminate(LIMIT.multipliedBy(3));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(END_LIMIT);
    }
}
