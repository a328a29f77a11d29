package dev.cairn.worker;

import static dev.cairn.checkpoint.write.CheckpointStep.INGESTED;
import static dev.cairn.checkpoint.write.CheckpointStep.SST_WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;

/** What {@code state.backend} and {@code state.backend.async} change, and what they must not. */
class BackendIT {

    private static final Duration A_WHILE = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void shouldCountOnceWhenTheBackendChangesBetweenStarts() {
        // Given
        TestJob job = new TestJob(Brokers.shared(), directory, 2);

        // When
        for (String backend : new String[] {"rocksdb", "hashmap", "rocksdb", "hashmap"}) {
            job.set("state.backend", backend).run("worker-1", 2);
        }
        // From the store instead of the local disk.
        job.set("taskmanager.state.local.root-dirs", directory.resolve("other").toString())
                .run("worker-1", 1);

        // Then
        job.verifyExactlyOnce();
    }

    @Test
    void shouldProcessOnWhileACheckpointIsWritten() {
        TestJob job = new TestJob(Brokers.shared(), directory, 1);
        job.send(20, 5);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Given
            StepGate.Hold written = holdWriting(job, worker);
            long before = worker.status().records();

            // When
            job.send(20, 5);

            // Then
            worker.awaitProcessed(before + 20);
            written.release();
            job.awaitCommitted();
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldProcessNothingWhileACheckpointIsWrittenWhenNotAsynchronous() {
        TestJob job = new TestJob(Brokers.shared(), directory, 1).set("state.backend.async", "false");
        job.send(20, 5);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Given
            StepGate.Hold written = holdWriting(job, worker);
            long before = worker.status().records();

            // When
            job.send(20, 5);

            // Then
            await().during(A_WHILE)
                    .atMost(LIMIT)
                    .until(() -> worker.status().records() == before
                            && worker.status().loops().get(0).stalled());
            written.release();
            job.awaitCommitted();
        }
        job.verifyExactlyOnce();
    }

    /** Others come and go while the loop waits; what it runs continues afterwards. */
    @Test
    void shouldProcessOnAfterARebalanceWhileNothingWasProcessed() {
        TestJob job = new TestJob(Brokers.shared(), directory, 2).set("state.backend.async", "false");
        job.send(20, 5);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Given
            EmbeddedWorker other = job.start("worker-2");
            await().atMost(LIMIT).until(() -> worker.status().partitions().size() == 1);
            StepGate.Hold written = holdWriting(job, worker);
            long rollBacks = worker.rollBacks();

            // When
            other.close();
            job.removeMember("worker-2");
            await().atMost(LIMIT).until(() -> worker.status().partitions().size() == 2);
            written.release();

            // Then
            job.send(20, 5);
            job.awaitCommitted();
            assertThat(worker.rollBacks()).isEqualTo(rollBacks);
        }
        job.verifyExactlyOnce();
    }

    /** Holds a checkpoint before it is in the store. */
    private static StepGate.Hold holdWriting(TestJob job, EmbeddedWorker worker) {
        job.awaitCommitted();
        StepGate.Hold written = worker.gate().holdAt(SST_WRITTEN);
        job.send(20, 5);
        written.awaitHeld();
        assertThat(worker.gate().count(INGESTED)).isPositive();
        return written;
    }
}
