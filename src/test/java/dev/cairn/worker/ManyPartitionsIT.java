package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.fault.SlowStore;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.WorkerState;

/** One worker with many partitions, and a store that takes a while for each request. */
class ManyPartitionsIT {

    private static final Duration DELAY = Duration.ofMillis(50);
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** The newest, the known one before it, one in flight, and two that wait for their turn. */
    private static final int MOST_OBJECTS = 5;

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldKeepTheStoreBoundedWithManyPartitions() {
        run(200, Duration.ofSeconds(15));
    }

    @Test
    @Tag("chaos")
    void shouldKeepTheStoreBoundedWithFiveHundredPartitionsForFiveMinutes() {
        run(500, Duration.ofMinutes(5));
    }

    private void run(int partitions, Duration duration) {
        // Given
        TestJob job = new TestJob(broker, directory, partitions)
                .set("cairn.threads", "2")
                .set("execution.checkpointing.interval", "2s")
                .set("kafka.session.timeout.ms", "15000")
                .set("kafka.heartbeat.interval.ms", "3000");
        job.send(1, 1);
        AtomicReference<SlowStore> store = new AtomicReference<>();
        StepGate gate = new StepGate();
        try (EmbeddedWorker worker = job.worker(
                        "worker-1", gate, objects -> store.updateAndGet(none -> new SlowStore(objects, DELAY)))
                .start()) {
            await("every partition has a checkpoint")
                    .atMost(LIMIT)
                    .until(() -> gate.count(CheckpointStep.COMMITTED) >= partitions);
            long committedBefore = gate.count(CheckpointStep.COMMITTED);
            long deletionsBefore = store.get().deletions();
            int most = 0;

            // When
            long end = System.nanoTime() + duration.toNanos();
            while (System.nanoTime() < end) {
                job.send(1, 1);
                most = Math.max(most, objects(job));
            }

            // Then
            long committed = gate.count(CheckpointStep.COMMITTED) - committedBefore;
            long deletions = store.get().deletions() - deletionsBefore;
            System.out.printf(
                    Locale.ROOT,
                    "%d partitions, %d s: %d checkpoints of partitions, %d requests to delete, at most %d objects%n",
                    partitions,
                    duration.toSeconds(),
                    committed,
                    deletions,
                    most);
            assertThat(worker.rollBacks()).as("failed checkpoints").isZero();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            assertThat(most).as("objects at any time").isLessThanOrEqualTo(MOST_OBJECTS * partitions);
            assertThat(deletions)
                    .as("requests to delete, for %d checkpoints of partitions", committed)
                    .isLessThan(committed / 10);
            job.awaitCommitted();
        }
        // In good order, one for each partition is left, and its mark.
        assertThat(objects(job)).isEqualTo(2 * partitions);
        job.verifyExactlyOnce();
    }

    private static int objects(TestJob job) {
        AtomicInteger count = new AtomicInteger();
        try {
            Files.walkFileTree(job.checkpoints().resolve(job.name()), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    count.incrementAndGet();
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException cause) {
                    // Deleted meanwhile.
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path path, IOException cause) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count.get();
    }
}
