package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** A worker whose process is restarted although its job was ended, as Kubernetes does. */
class EndedJobIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    @Tag("rule-S4")
    void shouldWaitAliveButNotReadyUntilTheJobIsStarted() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "ended-waits").send(100);
        WorkerProcess.Builder workers = job.worker().set("cairn.recovery.on-ended-job", "wait");
        try (WorkerProcess worker = workers.start()) {
            job.awaitCaughtUp();
            assertThat(command("job", "cancel", job).exitCode()).isZero();
            assertThat(worker.awaitExit(LIMIT)).isZero();
        }
        job.send(100);

        // When
        try (WorkerProcess worker = workers.start()) {
            worker.awaitOutput(
                    ".*job ended-waits was cancelled at .*: cairn job start --job ended-waits.*waits.*", LIMIT);

            // Then
            await("answers").atMost(LIMIT).ignoreExceptions().until(() -> worker.health("live")
                    .isUp());
            assertThat(worker.health("started").isUp()).isTrue();
            assertThat(worker.health("ready").status()).isEqualTo(503);
            assertThat(worker.health("ready").body().toString()).contains("cairn job start --job ended-waits");

            // When
            assertThat(command("job", "start", job).exitCode()).isZero();

            // Then
            job.awaitCaughtUp();
            await("ready").atMost(LIMIT).until(() -> worker.health("ready").isUp());
            worker.terminate(LIMIT);
            Errors.none(worker);
        }
        job.verifyExactlyOnce();

        // When, Then: one that waits ends at once
        assertThat(command("job", "cancel", job).exitCode()).isZero();
        try (WorkerProcess worker = workers.start()) {
            worker.awaitOutput(".*job ended-waits was cancelled at .*", LIMIT);
            worker.terminate(LIMIT);
        }
    }

    private Cairn.Result command(String group, String command, SmallJob job) throws Exception {
        return Cairn.in(
                directory,
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        broker.bootstrapServers(),
                        "STATE_CHECKPOINTS_DIR",
                        directory.resolve("checkpoints").toString(),
                        "CAIRN_JOB",
                        job.name()),
                group,
                command);
    }
}
