package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.RetryingObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.testkit.LogLines;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.fault.SteeredStore;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerState;

/** A store that is full, denies, is away or does not come back from a call, while a worker runs. */
class FailingStoreIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final String FULL = "cannot store file:/checkpoints/x: No space left on device";
    private static final String AWAY = "cannot store s3://bucket/x: connection refused";

    private final TestBroker broker = Brokers.shared();
    private final SteeredStore steered = new SteeredStore();
    private final AtomicReference<ObjectStore> store = new AtomicReference<>();

    @TempDir
    Path directory;

    @Test
    void shouldFailTheCheckpointAtOnceWhenTheStoreIsFull() {
        // Given
        TestJob job = new TestJob(broker, directory, 2).set("execution.checkpointing.timeout", "5min");
        job.send(20, 5);
        try (EmbeddedWorker worker = start(job)) {
            job.awaitCommitted();

            // When
            steered.beforeWrite(key -> fail(new StorageException(FULL, new IOException("No space left on device"))));
            job.send(20, 5);

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining(FULL + ". Free or add space")
                    .hasMessageContaining("execution.checkpointing.tolerable-failed-checkpoints=0");
        }
        finish(job);
    }

    @Test
    @Tag("rule-C15")
    void shouldNameTheLastFailureOfTheStoreWhenACheckpointTakesTooLong() {
        // Given
        TestJob job = new TestJob(broker, directory, 1).set("execution.checkpointing.timeout", "2s");
        job.send(20, 5);
        try (EmbeddedWorker worker = start(job)) {
            job.awaitCommitted();

            // When
            steered.beforeWrite(key -> fail(new StorageException(AWAY)));
            job.send(20, 5);

            // Then
            assertThat(worker.awaitFailure())
                    .hasMessageContaining("it took longer than execution.checkpointing.timeout=2s. Last failure of the"
                            + " store: " + AWAY);
        }
        finish(job);
    }

    @Test
    @Tag("rule-C17")
    void shouldStopSoonWhileTheStoreFails() {
        // Given
        TestJob job = new TestJob(broker, directory, 2).set("execution.checkpointing.timeout", "5min");
        job.send(20, 5);
        try (EmbeddedWorker worker = start(job)) {
            job.awaitCommitted();
            steered.beforeWrite(key -> fail(new StorageException(AWAY)));
            job.send(20, 5);
            await("the store fails")
                    .atMost(LIMIT)
                    .until(() -> !store.get().status().failing().isEmpty());

            // When
            long began = System.nanoTime();
            worker.worker().stop();

            // Then
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(STOP_LIMIT);
            assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
        }
        finish(job);
    }

    /** The loop gives the checkpoint up and continues; what comes of the call is discarded when it returns. */
    @Test
    @Tag("rule-C18")
    void shouldContinueWithoutACallThatDoesNotReturn() {
        // Given
        TestJob job = new TestJob(broker, directory, 1)
                .set("execution.checkpointing.timeout", "2s")
                .set("execution.checkpointing.tolerable-failed-checkpoints", "1000");
        job.send(20, 5);
        CountDownLatch returns = new CountDownLatch(1);
        try (EmbeddedWorker worker = start(job)) {
            job.awaitCommitted();
            AtomicBoolean first = new AtomicBoolean(true);
            steered.beforeWrite(key -> {
                // The mark of the checkpoint before may come first, and no checkpoint waits for it.
                if (!key.endsWith("/_committed") && first.getAndSet(false)) {
                    awaitUninterruptibly(returns);
                }
            });
            long before = worker.status().records();
            job.send(20, 5);

            // When
            worker.awaitRollBacks(2);

            // Then: its records were processed again, twice
            worker.awaitProcessed(before + 60);
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            returns.countDown();
            job.awaitCommitted();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
        } finally {
            returns.countDown();
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldSayAtOnceThatAPartitionCannotBeRestored() {
        // Given
        TestJob job = new TestJob(broker, directory, 1)
                .set("state.backend.local-recovery", "false")
                .set("state.backend.fs.memory-threshold", "0")
                .run("worker-1", 2);
        steered.beforeRead(key -> {
            if (key.contains("/chk-") || key.contains("/shared/")) {
                fail(new StorageException("cannot read " + key + ": denied", new AccessDeniedException(key)));
            }
        });
        try (LogLines lines = new LogLines(LoopPartitions.class);
                EmbeddedWorker worker = start(job)) {

            // When
            lines.await("partition 0 cannot be restored yet");

            // Then
            assertThat(lines.soFar()).anyMatch(line -> line.contains(": denied"));
            steered.release();
            worker.awaitRunning(0);
            job.send(20, 5);
            job.awaitCommitted();
        }
        job.verifyExactlyOnce();
    }

    private EmbeddedWorker start(TestJob job) {
        return job.worker("worker-1", new StepGate(), objects -> {
                    store.set(new RetryingObjectStore(
                            steered.over(objects),
                            Duration.ofMinutes(5),
                            "execution.checkpointing.timeout=" + Duration.ofMinutes(5)));
                    return store.get();
                })
                .start();
    }

    /** With the cause removed, nothing is lost. */
    private void finish(TestJob job) {
        steered.release();
        try (EmbeddedWorker worker = start(job)) {
            worker.awaitRunning(0);
            job.awaitCommitted();
        }
        job.verifyExactlyOnce();
    }

    private static void fail(StorageException failure) {
        throw failure;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
