package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.state.DamagedDatabaseException;
import dev.cairn.state.LocalStateException;
import dev.cairn.worker.start.PartitionStarter;
import dev.cairn.worker.start.StartedPartition;
import dev.cairn.worker.status.PartitionState;

/**
 * Attempts to start the partitions of a loop. They run on threads of their own, and report back through a queue. Where all of
 * the state is on the heap, it is loaded there, too: once the processor has said on the loop's thread what it keeps.
 */
final class PartitionStarts {

    private static final Logger LOG = Logger.getLogger(LoopPartitions.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration PARKED_RETRY = Duration.ofSeconds(5);
    private static final Duration LOAD_END_LIMIT = Duration.ofSeconds(10);

    private final LoopEnvironment environment;
    private final PartitionStarter starter;
    private final ScheduledExecutorService threads;
    private final BlockingQueue<Attempt> ended = new LinkedBlockingQueue<>();
    private volatile boolean isClosed;
    private int loads;

    /** A step towards a running partition that has come to an end: with a result, with a failure, or with both. */
    record Attempt(PartitionTask task, StartedPartition result, Throwable failure) {

        void discard() {
            if (result instanceof StartedPartition.Ready ready) {
                ready.restored().close();
            } else if (result instanceof StartedPartition.Opened opened) {
                opened.close();
            }
        }
    }

    PartitionStarts(LoopEnvironment environment) {
        this.environment = environment;
        this.starter = environment.starter();
        this.threads = environment.threads().restores();
    }

    /** Prepares the starts of these numbers, which follow. */
    void assigned(Map<Integer, List<TopicPartition>> inputs) {
        starter.assigned(inputs, threads);
    }

    /** Starts a partition. */
    void begin(PartitionTask task) {
        begin(task, Duration.ZERO, CompletableFuture.completedFuture(null));
    }

    /** It could not be started, for a reason that may pass. */
    void retry(PartitionTask task, Throwable failure) {
        Duration delay = task.attempts().delay(FIRST_RETRY);
        LOG.warnf(
                "partition %s cannot be restored yet, it is tried again in %s ms: %s",
                task.partition(), delay.toMillis(), failure.getMessage());
        begin(task, delay, CompletableFuture.completedFuture(null));
    }

    /** It stays parked until an attempt succeeds. */
    void retryParked(PartitionTask task) {
        begin(task, task.attempts().delay(PARKED_RETRY), CompletableFuture.completedFuture(null));
    }

    /**
     * Starts a partition whose local database is damaged. Closing and removing that takes as long as the disk does, so it is
     * none of the loop's work.
     *
     * @param unchanged whether the database is still at what it was restored to
     */
    void beginFromStore(PartitionTask task, Restored restored, LocalStateException damage, boolean unchanged) {
        int times = task.damaged();
        Duration delay = times == 1 ? Duration.ZERO : StartAttempts.delay(FIRST_RETRY, times);
        LOG.errorf(
                "partition %s: the local database is damaged, will restore it from the store in %s ms: %s",
                task.partition(), delay.toMillis(), damage.getMessage());
        boolean cameWhole = restored.source() == Restored.Source.STORE || restored.source() == Restored.Source.PATH;
        boolean asStored = unchanged && cameWhole && damage instanceof DamagedDatabaseException;
        begin(task, delay, CompletableFuture.runAsync(() -> discard(task, restored, damage, asStored), threads));
    }

    /** In the background. What no damaged file of the disk explains is in the checkpoint. */
    private void discard(PartitionTask task, Restored restored, LocalStateException damage, boolean asStored) {
        Optional<String> found = environment.checkpointing().discard(task.partition(), restored);
        if (asStored && found.isEmpty()) {
            CheckpointId id = restored.content().orElseThrow().id();
            starter.distrust(
                    id, id + " cannot be read, although every file is the one that was stored: " + damage.getMessage());
        }
    }

    /** @param ready runs on the same threads, and was begun before */
    private void begin(PartitionTask task, Duration delay, CompletableFuture<Void> ready) {
        StartAttempts attempts = task.attempts();
        attempts.next(threads.schedule(() -> attempt(task, attempts, ready), delay.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void attempt(PartitionTask task, StartAttempts attempts, CompletableFuture<Void> ready) {
        if (task.state() == PartitionState.CLOSED) {
            return;
        }
        Attempt attempt;
        try {
            ready.exceptionally(e -> null).join();
            attempt = new Attempt(task, starter.start(task.partition(), task.inputs(), attempts.begin()), null);
        } catch (RuntimeException | Error e) {
            attempt = new Attempt(task, null, e);
        }
        arrive(attempt);
    }

    /** Loads the state of a partition, which takes seconds where there is much. */
    void load(PartitionTask task, StartedPartition.Opened opened) {
        loads++;
        threads.execute(() -> {
            Throwable failure = null;
            try {
                opened.state().load(() -> task.state() != PartitionState.CLOSED);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            arrive(new Attempt(task, opened, failure));
        });
    }

    /** On the thread that made the attempt. After {@link #close} nothing takes it from here, so its database is closed. */
    private void arrive(Attempt attempt) {
        ended.add(attempt);
        if (isClosed && ended.remove(attempt)) {
            attempt.discard();
        }
    }

    /** An attempt that has come to an end; {@code null} if there is none. */
    Attempt poll() {
        return counted(ended.poll());
    }

    private Attempt counted(Attempt attempt) {
        if (attempt != null && attempt.result() instanceof StartedPartition.Opened) {
            loads--;
        }
        return attempt;
    }

    /**
     * Waits for loads, which end soon because all partitions are closed. Attempts that are still under way close their
     * databases by themselves.
     */
    void close() {
        awaitLoads();
        isClosed = true;
        for (Attempt late = ended.poll(); late != null; late = ended.poll()) {
            late.discard();
        }
    }

    private void awaitLoads() {
        long deadline = System.nanoTime() + LOAD_END_LIMIT.toNanos();
        try {
            while (loads > 0) {
                Attempt last = counted(ended.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
                if (last == null) {
                    return;
                }
                last.discard();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
