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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.checkpoint.CheckpointStep;
import dev.cairn.testkit.Brokers;
import dev.cairn.testkit.EmbeddedWorker;
import dev.cairn.testkit.Readers;
import dev.cairn.testkit.SteeredWorker;
import dev.cairn.testkit.TestBroker;
import dev.cairn.testkit.TestJob;
import dev.cairn.testkit.WorkerProcess;

/** Workers in processes of their own that are stopped, or die, in the middle of a checkpoint. */
class ZombieIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = CheckpointStep.class,
            names = {"FROZEN", "METADATA_WRITTEN", "OFFSETS_SENT", "COMMITTED"})
    void shouldPublishCommitAndDeleteNothingAfterItWasStoppedBeyondItsSession(CheckpointStep step) throws IOException {
        // Given
        TestJob job = jobThatRan();
        Path release = directory.resolve("release");
        try (WorkerProcess zombie = SteeredWorker.startHeld(job, "zombie", directory, step, release)) {
            job.sendTo(0, 20, 5);
            zombie.suspend();
            try (EmbeddedWorker heir = job.start("heir").awaitRunning(0)) {
                job.send(20, 5);
                job.awaitCommitted();
                // The heir deletes, too: the newest checkpoint and the known one before it are what it leaves.
                await("the heir has tidied").atMost(LIMIT).until(() -> checkpoints(job) == 2);
                Map<TopicPartition, OffsetAndMetadata> committed = job.committed();
                Set<Path> objects = objects(job);
                int published = Readers.readCommitted(broker, job.output()).size();

                // When
                Files.createFile(release);
                long mark = zombie.mark();
                zombie.resume();
                zombie.awaitOutput("going back to the last checkpoint", mark, LIMIT);

                // Then
                await().during(A_WHILE).atMost(LIMIT).untilAsserted(() -> {
                    assertThat(job.committed()).isEqualTo(committed);
                    assertThat(objects(job)).containsAll(objects);
                    assertThat(Readers.readCommitted(broker, job.output()).size())
                            .isEqualTo(published);
                });
                assertThat(zombie.isAlive()).isTrue();
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

    /** The transaction may last longer than ten minutes; neither the heir nor a reader of the output waits for that. */
    @ParameterizedTest
    @EnumSource(
            value = CheckpointStep.class,
            names = {"FROZEN", "METADATA_WRITTEN", "OFFSETS_SENT"})
    void shouldNotWaitForTheTransactionOfAWorkerThatIsGone(CheckpointStep step) {
        // Given
        TestJob job = jobThatRan().set("execution.checkpointing.timeout", "5min");
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
    void shouldNotWaitForTheTransactionOfAWorkerThatDiedInItsFirstCheckpoint() {
        // Given
        TestJob job = new TestJob(broker, directory, 1)
                .set("kafka.session.timeout.ms", "3000")
                .set("execution.checkpointing.timeout", "5min");
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

    private TestJob jobThatRan() {
        TestJob job = new TestJob(broker, directory, 1).set("kafka.session.timeout.ms", "3000");
        try (EmbeddedWorker before = job.start("before").awaitRunning(0)) {
            job.send(20, 5);
            job.awaitCommitted();
            job.send(20, 5);
            job.awaitCommitted();
            assertThat(before.state()).isEqualTo(WorkerState.RUNNING);
        }
        job.awaitNoMembers();
        job.send(20, 5);
        return job;
    }

    private static long checkpoints(TestJob job) throws IOException {
        return objects(job).stream().filter(path -> path.endsWith("_metadata")).count();
    }

    private static Set<Path> objects(TestJob job) throws IOException {
        try (var paths = Files.walk(job.checkpoints(0))) {
            return paths.filter(Files::isRegularFile).collect(Collectors.toSet());
        }
    }
}
