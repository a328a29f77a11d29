package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/**
 * A worker that is asked to end (SIGTERM) takes a last checkpoint and leaves exactly the retained ones behind; the next one
 * resumes from it and processes nothing again.
 */
class RestartIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    @Tag("rule-R4")
    void shouldResumeFromLastCheckpointWithLocalDatabase() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "restart-local").send(400);
        stopWithEverythingUncommitted(job, Map.of());
        String last = assertRetained(job, 0, 1);

        // When
        try (WorkerProcess worker = job.send(200).worker().start()) {
            job.awaitCaughtUp();
            assertThat(worker.terminate(LIMIT)).isEqualTo(128 + 15);

            // Then
            assertThat(worker.output())
                    .anyMatch(line ->
                            line.contains("partition 0 resumes from " + last + " (local database, 0 bytes fetched)"));
            Errors.none(worker);
        }
        job.verifyExactlyOnce();
        assertRetained(job, 0, 1);
    }

    @Test
    @Tag("rule-C19")
    void shouldTakeNoCheckpointWhenNothingMoved() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "restart-idle").send(400);
        stopWithEverythingUncommitted(job, Map.of());
        String last = assertRetained(job, 1, 1);

        // When
        try (WorkerProcess worker = job.worker().start()) {
            worker.awaitOutput("partition 1 resumes from " + last, LIMIT);
            worker.terminate(LIMIT);
            Errors.none(worker);
        }

        // Then
        assertThat(assertRetained(job, 1, 1)).isEqualTo(last);
        job.verifyExactlyOnce();
    }

    @Test
    void shouldRetainThreeAndFetchTheStateWithoutLocalRecovery() {
        // Given
        Map<String, String> settings = Map.of(
                "state.checkpoints.num-retained", "3",
                "state.backend.local-recovery", "false",
                "state.backend.fs.memory-threshold", "0",
                "cairn.threads", "2",
                "taskmanager.state.local.root-dirs", directory.resolve("disk-a") + "," + directory.resolve("disk-b"));
        SmallJob job = SmallJob.create(broker, directory, "restart-fetch").send(400);
        for (int i = 0; i < 3; i++) {
            stopWithEverythingUncommitted(job, settings);
            job.send(200);
        }
        stopWithEverythingUncommitted(job, settings);
        String last = assertRetained(job, 0, 3);

        // When
        try (WorkerProcess worker = job.send(200).worker().set(settings).start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);

            // Then
            assertThat(worker.output())
                    .anyMatch(line ->
                            line.matches(".*partition 0 resumes from " + last + " \\([1-9]\\d* bytes fetched\\).*"));
            Errors.none(worker);
        }
        job.verifyExactlyOnce();
        assertRetained(job, 0, 3);
        assertRetained(job, 1, 3);
        for (String disk : List.of("disk-a", "disk-b")) {
            assertThat(SmallJob.files(directory.resolve(disk), "CURRENT")).hasSize(1);
        }
    }

    @Test
    @Tag("rule-C17")
    void shouldRepeatNothingAfterAGracefulStopUnderAtLeastOnce() {
        // Given
        Map<String, String> settings = Map.of("execution.checkpointing.mode", "AT_LEAST_ONCE");
        SmallJob job =
                SmallJob.create(broker, directory, "restart-at-least-once").send(400);
        stopWithEverythingUncommitted(job, settings);
        assertRetained(job, 0, 1);

        // When
        try (WorkerProcess worker = job.send(200).worker().set(settings).start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
            Errors.none(worker);
        }

        // Then
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-C20")
    void shouldRepeatOnlyWhatNoCheckpointHeldAfterAKillOfSeveralThreadsUnderAtLeastOnce() {
        // Given: one loop for each partition
        Map<String, String> settings = Map.of("execution.checkpointing.mode", "AT_LEAST_ONCE", "cairn.threads", "2");
        SmallJob job =
                SmallJob.create(broker, directory, "restart-several-threads").send(400);
        stopWithEverythingUncommitted(job, settings);

        // When
        int uncommitted = 200;
        job.send(uncommitted);
        try (WorkerProcess worker = withoutCheckpoints(job, settings).start()) {
            job.awaitProcessed();
            worker.kill9();
        }
        try (WorkerProcess worker = job.send(200).worker().set(settings).start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
            Errors.none(worker);
        }

        // Then
        job.verifyAtLeastOnce();
        assertThat(Readers.readCommitted(broker, job.output()).size()).isEqualTo(800 + uncommitted);
    }

    /** The last checkpoint is the one of the stop: none is due by time. */
    private void stopWithEverythingUncommitted(SmallJob job, Map<String, String> settings) {
        try (WorkerProcess worker = withoutCheckpoints(job, settings).start()) {
            job.awaitProcessed();
            worker.terminate(LIMIT);
            Errors.none(worker);
        }
    }

    private static WorkerProcess.Builder withoutCheckpoints(SmallJob job, Map<String, String> settings) {
        return job.worker()
                .set("execution.checkpointing.interval", "5min")
                .set("execution.checkpointing.timeout", "1min")
                .set(settings);
    }

    /** @return the newest checkpoint's name */
    private static String assertRetained(SmallJob job, int partition, int count) {
        List<Path> metadata = SmallJob.files(job.checkpoints(partition), "_metadata");
        assertThat(metadata)
                .as("retained checkpoints of partition %d", partition)
                .hasSize(count);
        Path newest = metadata.get(count - 1).getParent();
        assertThat(Files.exists(newest.resolve("_committed")))
                .as("%s is marked", newest)
                .isTrue();
        return newest.getFileName().toString();
    }
}
