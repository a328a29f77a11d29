package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.store.LiveFiles;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.SteeredWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.testkit.worker.WorkerProcess;
import dev.cairn.worker.status.WorkerState;

/** Workers in processes of their own that are stopped, or die, in the middle of a checkpoint. */
class ZombieIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @ParameterizedTest
    @Tag("rule-C2")
    @Tag("rule-K4")
    @EnumSource(
            value = CheckpointStep.class,
            names = {"FROZEN", "METADATA_WRITTEN", "OFFSETS_SENT", "COMMITTED"})
    void shouldPublishCommitAndDeleteNothingAfterItWasStoppedBeyondItsSession(CheckpointStep step) throws IOException {
        // Given
        TestJob job = run(job(), 2);
        Path release = directory.resolve("release");
        try (WorkerProcess zombie = SteeredWorker.startHeld(job, "zombie", directory, step, release)) {
            job.sendTo(0, 20, 5);
            zombie.suspend();
            try (EmbeddedWorker heir = job.start("heir").awaitRunning(0)) {
                job.send(20, 5);
                job.awaitCommitted();
                // The heir deletes, too: the newest checkpoint and the known one before it are what it leaves.
                awaitAfterCommits(job, "the heir has tidied", () -> assertThat(checkpoints(job))
                        .isEqualTo(2));

                // When, Then
                assertChangesNothing(job, zombie, release);
                job.send(20, 5);
                job.awaitCommitted();
                assertThat(heir.rollBacks()).isZero();
            }

            // When: the heir is gone, and the zombie has the partition again
            job.awaitMembers(1);
            job.send(20, 5);
            job.awaitCommitted();
        }
        job.verifyExactlyOnce();
    }

    /** By then someone may need what it was about to delete: its heir judges anew. */
    @Test
    @Tag("rule-K4")
    void shouldDeleteNothingMoreAfterItWasStoppedInTheMiddleOfItsDeletions() throws IOException {
        // Given: several checkpoints with files of their own, more than the zombie is to keep
        TestJob job = run(job().set("state.backend.incremental", "false").set("state.checkpoints.num-retained", "3"), 3)
                .set("state.checkpoints.num-retained", "1");
        Path release = directory.resolve("release");
        try (WorkerProcess zombie =
                SteeredWorker.startHeld(job, "zombie", directory, CheckpointStep.OBJECT_DELETED, release)) {
            job.sendTo(0, 20, 5);
            zombie.suspend();
            try (EmbeddedWorker heir = job.start("heir")) {
                StepGate.Hold deletion = heir.gate().holdAt(CheckpointStep.OBJECT_DELETED);
                heir.awaitRunning(0);
                job.send(20, 5);
                job.awaitCommitted();
                deletion.awaitHeld();
                Set<Path> condemned = withoutMetadata(job);
                assertThat(condemned).as("what the zombie was about to delete").isNotEmpty();

                // When, Then
                assertChangesNothing(job, zombie, release);
                deletion.release();
                awaitAfterCommits(job, "the heir has deleted the rest", () -> assertThat(objects(job))
                        .doesNotContainAnyElementsOf(condemned));
                assertThat(heir.rollBacks()).isZero();
            }
        }
        job.verifyExactlyOnce();
    }

    /** The transaction may last longer than ten minutes; neither the heir nor a reader of the output waits for that. */
    @ParameterizedTest
    @Tag("rule-R2")
    @Tag("rule-R3")
    @EnumSource(
            value = CheckpointStep.class,
            names = {"FROZEN", "METADATA_WRITTEN", "OFFSETS_SENT"})
    void shouldNotWaitForTheTransactionOfAWorkerThatIsGone(CheckpointStep step) {
        // Given
        TestJob job = run(job(), 2).set("execution.checkpointing.timeout", "5min");
        try (WorkerProcess dying = SteeredWorker.startHeld(job, "gone", directory, step, directory.resolve("never"))) {
            dying.kill9();
        }

        // When
        try (EmbeddedWorker heir = job.start("heir").awaitRunning(0)) {
            job.send(20, 5);
            job.awaitCommitted();

            // Then
            assertThat(heir.rollBacks()).isZero();
        }
        job.verifyExactlyOnce();
    }

    /** The first checkpoint of a job names no writer yet: the pending transaction is found at the broker. */
    @Test
    @Tag("rule-R3")
    void shouldNotWaitForTheTransactionOfAWorkerThatDiedInItsFirstCheckpoint() {
        // Given
        TestJob job = job().set("execution.checkpointing.timeout", "5min");
        job.send(20, 5);
        try (WorkerProcess dying = SteeredWorker.startHeld(
                job, "gone", directory, CheckpointStep.OFFSETS_SENT, directory.resolve("never"))) {
            dying.kill9();
        }

        // When
        try (EmbeddedWorker heir = job.start("heir").awaitRunning(0)) {
            job.awaitCommitted();
            assertThat(heir.state()).isEqualTo(WorkerState.RUNNING);
        }

        // Then
        job.verifyExactlyOnce();
    }

    private TestJob job() {
        return new TestJob(broker, directory, 1).set("kafka.session.timeout.ms", "3000");
    }

    /** A job that someone else ran for so many checkpoints, with something left to do. */
    private static TestJob run(TestJob job, int checkpoints) {
        job.run("before", checkpoints);
        job.send(20, 5);
        return job;
    }

    /** Lets a zombie continue whose partition someone else has, and waits until it knows. */
    private void assertChangesNothing(TestJob job, WorkerProcess zombie, Path release) throws IOException {
        Map<TopicPartition, OffsetAndMetadata> committed = job.committed();
        Set<Path> objects = objects(job);
        int published = Readers.readCommitted(broker, job.output()).size();
        Files.createFile(release);
        long mark = zombie.mark();
        zombie.resume();
        zombie.awaitOutput("going back to the last checkpoint", mark, LIMIT);
        await().during(A_WHILE).atMost(LIMIT).untilAsserted(() -> {
            assertThat(job.committed()).isEqualTo(committed);
            assertThat(objects(job)).containsAll(objects);
            assertThat(Readers.readCommitted(broker, job.output()).size()).isEqualTo(published);
        });
        assertThat(zombie.isAlive()).isTrue();
    }

    /** Each commit is a lease for a while, and what is not deleted in that while is deleted after the next one. */
    private static void awaitAfterCommits(TestJob job, String what, ThrowingRunnable assertion) {
        await(what).atMost(LIMIT).untilAsserted(() -> {
            job.send(20, 5);
            job.awaitCommitted();
            assertion.run();
        });
    }

    private static long checkpoints(TestJob job) throws IOException {
        return objects(job).stream().filter(path -> path.endsWith("_metadata")).count();
    }

    /** Objects of checkpoints that are being deleted: their metadata has gone first. */
    private static Set<Path> withoutMetadata(TestJob job) throws IOException {
        return objects(job).stream()
                .filter(path -> !Files.exists(path.resolveSibling("_metadata")))
                .collect(Collectors.toSet());
    }

    private static Set<Path> objects(TestJob job) throws IOException {
        return Set.copyOf(LiveFiles.below(job.checkpoints(0)));
    }
}
