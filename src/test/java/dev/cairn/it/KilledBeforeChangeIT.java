package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.Scrape;
import dev.cairn.testkit.worker.WorkerProcess;

/**
 * A worker that is killed right after a commit, so that nothing in the store proves it, and an input that is created again
 * meanwhile, so that nothing can be processed again.
 */
class KilledBeforeChangeIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern WAY_OUT =
            Pattern.compile("create the empty object file:(\\S+/partition-0/chk-2/_committed),");

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    @Tag("rule-R12")
    @Tag("rule-T6")
    void shouldContinueFromTheCheckpointThatTheLocalDatabaseHasTakenIn() {
        // Given
        SmallJob job = killedAfterItsSecondCheckpoint("killed-local");

        // When
        try (WorkerProcess worker = worker(job).start()) {
            // Then
            worker.awaitOutput(".*partition 0 is parked.* since chk-2 of partition 0 was taken.*keep-state.*", LIMIT);
            worker.terminate(LIMIT);
        }

        // When
        try (WorkerProcess worker = worker(job)
                .set("cairn.recovery.on-recreated-input", "keep-state")
                .start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
        }

        // Then
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-T7")
    void shouldNotPassOverWhatMayBeCommittedOnAnotherDisk() throws IOException {
        // Given
        SmallJob job = killedAfterItsSecondCheckpoint("killed-elsewhere");
        WorkerProcess.Builder workers = worker(job)
                .set(
                        "taskmanager.state.local.root-dirs",
                        directory.resolve("another-disk").toString());

        // When
        String parked;
        try (WorkerProcess worker = workers.start()) {
            parked = worker.awaitOutput(".*partition 0 is parked.*", LIMIT);
            worker.terminate(LIMIT);
        }

        // Then
        assertThat(parked).contains("chk-2 is newer, and may have been committed", "keep-state");
        Matcher wayOut = WAY_OUT.matcher(parked);
        assertThat(wayOut.find()).as(parked).isTrue();

        // When
        for (int partition = 0; partition < SmallJob.PARTITIONS; partition++) {
            Files.createFile(Path.of(wayOut.group(1).replace("/partition-0/", "/partition-" + partition + "/")));
        }
        try (WorkerProcess worker =
                workers.set("cairn.recovery.on-recreated-input", "keep-state").start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
        }

        // Then
        job.verifyExactlyOnce();
    }

    /** A checkpoint is marked as committed when the next one is due and nothing has moved. */
    private SmallJob killedAfterItsSecondCheckpoint(String name) {
        SmallJob job = SmallJob.create(broker, directory, name).send(40);
        try (WorkerProcess worker = worker(job).start()) {
            job.awaitCaughtUp();
            job.send(40).awaitCaughtUp();
            // The group knows of a commit before the databases of all partitions have taken it in.
            await("its databases have taken it in")
                    .atMost(LIMIT)
                    .until(() -> Scrape.of(worker).sum("cairn_checkpoints_total", "outcome=\"completed\"") >= 2);
            worker.kill9();
        }
        Answers.of(broker.admin().deleteTopics(List.of(job.input())).all());
        await("the input is gone").atMost(LIMIT).until(() -> !broker.hasTopic(job.input()));
        broker.createTopic(job.input(), SmallJob.PARTITIONS);
        job.send(80);
        return job;
    }

    private static WorkerProcess.Builder worker(SmallJob job) {
        return job.worker().set("execution.checkpointing.interval", "5s");
    }
}
