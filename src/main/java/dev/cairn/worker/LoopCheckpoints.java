package dev.cairn.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.CheckpointMetadata;
import dev.cairn.checkpoint.CheckpointObserver;
import dev.cairn.checkpoint.CheckpointStep;
import dev.cairn.checkpoint.FrozenPartition;
import dev.cairn.checkpoint.Lease;
import dev.cairn.checkpoint.PartitionCheckpoints;
import dev.cairn.settings.CheckpointSettings;
import dev.cairn.settings.DurationText;
import dev.cairn.state.StateMemory;

/**
 * When a loop takes checkpoints, and how one that is under way goes on. On the loop's thread.
 *
 * <p>At most one is in flight. The transaction is shared, so that a checkpoint is always of all partitions that have moved.
 */
final class LoopCheckpoints {

    private static final Logger LOG = Logger.getLogger(LoopCheckpoints.class);
    private static final Duration REST_LIMIT = Duration.ofMinutes(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final long WAIT_NANOS = 500_000;

    private final String worker;
    private final int loop;
    private final CheckpointSettings settings;
    private final Consumer<?, ?> consumer;
    private final Outputs outputs;
    private final StateMemory memory;
    private final GroupOffsets group;
    private final CheckpointObserver observer;
    private final Duration leaseLength;
    private final ExecutorService io;
    private final ExecutorService behind;
    private final ExecutorService housekeeping;
    private final LoopStatus status;
    private final java.util.function.Consumer<WorkerEvent> events;
    private final CheckpointRequests requests = new CheckpointRequests();

    private CheckpointInFlight inFlight;
    private boolean reported;
    private long nextDueNanos;
    private int failuresInRow;

    LoopCheckpoints(
            String worker,
            int loop,
            CheckpointSettings settings,
            Consumer<?, ?> consumer,
            Outputs outputs,
            StateMemory memory,
            GroupOffsets group,
            CheckpointObserver observer,
            Duration leaseLength,
            ExecutorService io,
            ExecutorService behind,
            ExecutorService housekeeping,
            LoopStatus status,
            java.util.function.Consumer<WorkerEvent> events) {
        this.worker = worker;
        this.loop = loop;
        this.settings = settings;
        this.consumer = consumer;
        this.outputs = outputs;
        this.memory = memory;
        this.group = group;
        this.observer = observer;
        this.leaseLength = leaseLength;
        this.io = io;
        this.behind = behind;
        this.housekeeping = housekeeping;
        this.status = status;
        this.events = events;
        this.nextDueNanos = System.nanoTime() + settings.interval().toNanos();
    }

    /**
     * Whether processing has to wait for the checkpoint under way: the changes are at their limit, or it is not in the
     * store yet and nothing is to be processed beside that ({@code state.backend.async=false}).
     */
    boolean mustStall() {
        return inFlight != null && (memory.changesAtLimit() || mustFinishWriting());
    }

    private boolean mustFinishWriting() {
        return !settings.async() && inFlight.phase() == CheckpointInFlight.Phase.PREPARING;
    }

    /** Asks for a checkpoint that begins from now on. From any thread; nothing where nothing has changed. */
    CompletableFuture<Optional<CheckpointReport>> request() {
        return requests.add();
    }

    /** Nobody is answered any more who asks for a checkpoint. */
    void refuseRequests() {
        requests.close();
    }

    /** Starts a checkpoint if one is due: by time, by memory, or because somebody has asked for it. */
    void startIfDue(Collection<PartitionTask> tasks) {
        if (inFlight != null) {
            return;
        }
        Optional<CheckpointReport.Trigger> due = due();
        if (due.isPresent() && !start(tasks, due.get())) {
            nextDueNanos = System.nanoTime() + settings.interval().toNanos();
            markIdle(tasks);
        }
    }

    private Optional<CheckpointReport.Trigger> due() {
        if (memory.changesAtLimit()) {
            return Optional.of(CheckpointReport.Trigger.MEMORY);
        }
        if (requests.areWaiting()) {
            return Optional.of(CheckpointReport.Trigger.REQUESTED);
        }
        return System.nanoTime() - nextDueNanos >= 0
                ? Optional.of(CheckpointReport.Trigger.INTERVAL)
                : Optional.empty();
    }

    /** As {@link #startIfDue}, while there are records in hand, which cannot wait for it. */
    void startWithinBatchIfDue(Collection<PartitionTask> tasks) {
        if (settings.async()) {
            startIfDue(tasks);
        }
    }

    /** Ends the epoch. @return whether there was anything to take a checkpoint of */
    private boolean start(Collection<PartitionTask> tasks, CheckpointReport.Trigger trigger) {
        List<PartitionTask> moved = tasks.stream()
                .filter(task -> task.isRunning() && task.hasMoved())
                .toList();
        if (moved.isEmpty()) {
            requests.upToDate();
            return false;
        }
        requests.begun();
        long started = System.nanoTime();
        Outputs.Frozen frozenOutputs = outputs.freeze();
        List<CheckpointInFlight.Part> parts = new ArrayList<>();
        for (PartitionTask task : moved) {
            FrozenPartition frozen = task.freeze();
            observer.reached(
                    CheckpointStep.FROZEN, task.partition(), task.checkpoints().nextNumber());
            parts.add(new CheckpointInFlight.Part(task, frozen));
        }
        Duration freeze = Duration.ofNanos(System.nanoTime() - started);
        inFlight = new CheckpointInFlight(trigger, parts, frozenOutputs, observer, freeze, settings.timeout());
        reported = false;
        status.checkpointStarted();
        nextDueNanos = inFlight.startedNanos() + settings.interval().toNanos();
        inFlight.prepare(io);
        return true;
    }

    /**
     * Moves the checkpoint in flight on, as far as it goes without waiting.
     *
     * @throws RollBackException when it has failed
     * @throws StopWorkerException when too many have failed, or the local disk has
     */
    void advance() {
        if (inFlight == null) {
            return;
        }
        switch (inFlight.phase()) {
            case PREPARING -> {
                if (inFlight.isOverdue()) {
                    throw failed(
                            "it took longer than execution.checkpointing.timeout="
                                    + DurationText.of(settings.timeout()),
                            null);
                }
            }
            case PREPARED -> sendOffsets(inFlight);
            case COMMITTING -> {}
            case DONE -> complete();
            case FAILED -> throw failed(inFlight.failure().getMessage(), inFlight.failure());
            case REFUSED -> {
                String why = "the checkpoint was not committed";
                ended(inFlight, why);
                throw new RollBackException(why);
            }
            case STRANDED -> throw stranded(inFlight);
        }
    }

    private static StopWorkerException stranded(CheckpointInFlight committed) {
        return new StopWorkerException(
                "a committed checkpoint cannot be taken into the local database: "
                        + committed.failure().getMessage()
                        + ". The checkpoint is safe; the next start restores the partition from it. If this comes back, look"
                        + " at the local disk",
                committed.failure());
    }

    private void sendOffsets(CheckpointInFlight prepared) {
        try {
            prepared.sendOffsets(consumer);
            behind.execute(() -> prepared.commit(group));
        } catch (RebalanceInProgressException e) {
            // The group moves partitions; ours are still ours, and the next poll lets us commit them.
            LOG.debugf("the offsets are sent after the rebalance: %s", e.getMessage());
        }
    }

    private RuntimeException failed(String why, Throwable cause) {
        failuresInRow++;
        ended(inFlight, why);
        if (failuresInRow > settings.tolerableFailed()) {
            return new StopWorkerException(
                    failuresInRow
                            + " checkpoints in a row have failed, execution.checkpointing.tolerable-failed-checkpoints="
                            + settings.tolerableFailed() + " allows no more. The last one: " + why,
                    cause);
        }
        return new RollBackException("checkpoint " + failuresInRow + " of " + settings.tolerableFailed()
                + " that may fail in a row has failed: " + why);
    }

    private void complete() {
        CheckpointInFlight done = inFlight;
        inFlight = null;
        failuresInRow = 0;
        long now = System.nanoTime();
        nextDueNanos = Math.max(nextDueNanos, now + settings.minPause().toNanos());
        ended(done, "");
        Lease lease = Lease.from(done.askedNanos(), leaseLength);
        for (CheckpointInFlight.Part part : done.parts()) {
            part.task().committed(part.frozen().positions());
            CheckpointMetadata metadata = part.prepared().metadata();
            LOG.debugf(
                    "partition %d: %s committed, %d bytes changed, %d in all",
                    part.task().partition(), metadata.id(), metadata.deltaBytes(), metadata.fullBytes());
            PartitionCheckpoints checkpoints = part.task().checkpoints();
            housekeeping.execute(() -> quietly(() -> checkpoints.tidy(lease)));
            io.execute(checkpoints::buildBaseIfDue);
        }
    }

    private void ended(CheckpointInFlight checkpoint, String failure) {
        if (reported) {
            return;
        }
        reported = true;
        CheckpointReport report = checkpoint.report(worker, loop, failure);
        checkpoint.parts().forEach(part -> {
            if (report.outcome() == CheckpointReport.Outcome.COMPLETED) {
                part.task().show(part.report());
            }
        });
        status.checkpointEnded(report);
        requests.ended(report);
        events.accept(new WorkerEvent.CheckpointEnded(Instant.now(), report));
    }

    /** Nothing moves: no later checkpoint may ever name the last one as its parent, so it is marked. */
    private void markIdle(Collection<PartitionTask> tasks) {
        for (PartitionTask task : tasks) {
            if (task.isRunning()) {
                PartitionCheckpoints checkpoints = task.checkpoints();
                housekeeping.execute(() -> quietly(checkpoints::markCommitted));
            }
        }
    }

    /** What is left undone is done the next time. */
    private static void quietly(Runnable housekeeping) {
        try {
            housekeeping.run();
        } catch (RuntimeException e) {
            LOG.warnf("housekeeping is put off: %s", e.getMessage());
        }
    }

    /**
     * Finishes the checkpoint in flight and takes a last one, waiting for both.
     *
     * @throws RollBackException when that does not succeed within the limit
     */
    void last(Collection<PartitionTask> tasks, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        await(deadline);
        if (start(tasks, CheckpointReport.Trigger.LAST)) {
            await(deadline);
        }
    }

    /** For a loop that ends: the last checkpoints are marked, and only as many stay as are to be kept. */
    void close(Collection<PartitionTask> tasks) {
        Lease lease = renewedLease(tasks, UnaryOperator.identity());
        tidyUp(tasks, checkpoints -> {
            checkpoints.markCommitted();
            checkpoints.tidy(lease);
            checkpoints.closeForGood(lease);
        });
    }

    /** For a job that is cancelled: nothing stays of its checkpoints, and the group's offsets name none any more. */
    void delete(Collection<PartitionTask> tasks) {
        Lease lease = renewedLease(tasks, offset -> new OffsetAndMetadata(offset.offset()));
        tidyUp(tasks, checkpoints -> checkpoints.deleteAll(lease));
    }

    private void tidyUp(Collection<PartitionTask> tasks, java.util.function.Consumer<PartitionCheckpoints> work) {
        List<Future<?>> pending = new ArrayList<>();
        for (PartitionTask task : tasks) {
            if (task.isRunning()) {
                PartitionCheckpoints checkpoints = task.checkpoints();
                pending.add(housekeeping.submit(() -> quietly(() -> work.accept(checkpoints))));
            }
        }
        try {
            for (Future<?> each : pending) {
                each.get(CLOSE_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("housekeeping is left to the next start: %s", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the group once more whether the partitions are ours, by committing again what is committed. */
    private Lease renewedLease(Collection<PartitionTask> tasks, UnaryOperator<OffsetAndMetadata> change) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (PartitionTask task : tasks) {
            if (task.isRunning()) {
                task.checkpoints()
                        .committed()
                        .ifPresent(last -> offsets.putAll(task.offsets(last.positions(), last.id())));
            }
        }
        offsets.replaceAll((input, offset) -> change.apply(offset));
        long asked = System.nanoTime();
        try {
            consumer.commitSync(offsets);
            return Lease.from(asked, leaseLength);
        } catch (KafkaException e) {
            LOG.debugf("no lease to delete anything: %s", e.getMessage());
            return () -> false;
        }
    }

    /** The epochs were thrown away; the next checkpoint is due an interval from now. */
    void rolledBack() {
        nextDueNanos = System.nanoTime() + settings.interval().toNanos();
    }

    private void await(long deadline) {
        while (inFlight != null) {
            advance();
            if (System.nanoTime() - deadline > 0) {
                throw new RollBackException("the last checkpoint was not finished in time");
            }
            LockSupport.parkNanos(WAIT_NANOS);
        }
    }

    /**
     * Gives up the checkpoint in flight, unless it turns out to be committed. No thread works on it when this returns.
     */
    void abandon() {
        if (inFlight == null) {
            return;
        }
        while (inFlight.phase() == CheckpointInFlight.Phase.COMMITTING) {
            LockSupport.parkNanos(WAIT_NANOS);
        }
        if (inFlight.phase() == CheckpointInFlight.Phase.DONE) {
            complete();
            return;
        }
        if (inFlight.phase() == CheckpointInFlight.Phase.STRANDED) {
            // Committed: going on from the one before would count twice what it holds.
            CheckpointInFlight stranded = inFlight;
            inFlight = null;
            throw stranded(stranded);
        }
        ended(inFlight, "given up, because the loop went back to the checkpoint before");
        if (!inFlight.abandon(REST_LIMIT)) {
            throw new StopWorkerException("the store has not come back from a call for " + DurationText.of(REST_LIMIT)
                    + " after it was interrupted: look at " + settings.dir());
        }
        inFlight = null;
    }
}
