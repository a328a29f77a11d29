package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jboss.logging.Logger;

import dev.cairn.settings.CheckpointSettings;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.RollBackException;
import dev.cairn.worker.status.StopWorkerException;

/**
 * Starts the checkpoints of a loop, and moves the one in flight on. On the loop's thread.
 *
 * <p>At most one is in flight. The transaction is shared, so that a checkpoint is always of all partitions that have moved.
 */
final class LoopCheckpoints {

    private static final Logger LOG = Logger.getLogger(LoopCheckpoints.class);
    private static final Duration REST_LIMIT = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    static final long WAIT_NANOS = 500_000;

    private final LoopContext context;
    private final LoopPartitions partitions;
    private final CheckpointSettings settings;
    private final ExecutorService background;
    private final InputGuard guard;
    private final CheckpointTiming timing;
    private final CheckpointRequests requests = new CheckpointRequests();
    private final CheckpointEnds ends;
    private final LoopCleanUp cleanUp;

    private CheckpointInFlight inFlight;

    LoopCheckpoints(LoopContext context, LoopPartitions partitions) {
        this.context = context;
        this.partitions = partitions;
        this.settings = context.settings().checkpoints();
        this.background = context.environment().threads().behind().apply(context.number());
        this.guard = new InputGuard(context.environment().kafka().topics());
        this.timing = new CheckpointTiming(settings, System.nanoTime());
        this.ends = new CheckpointEnds(context, requests);
        this.cleanUp = new LoopCleanUp(context);
    }

    /** As {@link LoopCleanUp#mark}. */
    void mark(Collection<RunningPartition> partitions) {
        cleanUp.mark(partitions);
    }

    LoopCleanUp cleanUp() {
        return cleanUp;
    }

    /** Rejects pending and future requests. */
    void refuseRequests() {
        requests.close();
    }

    /**
     * Whether processing has to wait for the checkpoint under way: the changes are at their limit, or it is not in the
     * store yet and nothing may be processed meanwhile ({@code state.backend.async=false}).
     */
    boolean mustStall() {
        return inFlight != null && (context.memory().changesAtLimit() || (!settings.async() && isPreparing()));
    }

    boolean isInFlight() {
        return inFlight != null;
    }

    /** Whether one is in flight that is not whole in the store yet. */
    boolean isPreparing() {
        return inFlight != null && inFlight.phase() == CheckpointInFlight.Phase.PREPARING;
    }

    private boolean isCommitting() {
        return inFlight != null && inFlight.phase() == CheckpointInFlight.Phase.COMMITTING;
    }

    /** Whether the checkpoint under way holds changes of this partition. */
    @SuppressWarnings("ReferenceEquality") // A partition that is started again is another one.
    boolean isWriting(RunningPartition partition) {
        return inFlight != null && inFlight.parts().stream().anyMatch(part -> part.partition() == partition);
    }

    /** Asks for a checkpoint that begins from now on. From any thread; nothing where nothing has changed. */
    CompletableFuture<Optional<CheckpointReport>> request() {
        return requests.add();
    }

    /** Starts a checkpoint if one is due: by time, by memory, or because someone has asked for it. */
    void startIfDue() {
        if (inFlight != null) {
            return;
        }
        Optional<CheckpointReport.Trigger> due =
                timing.due(System.nanoTime(), context.memory().changesAtLimit(), requests.areWaiting());
        if (due.isPresent() && !start(due.get())) {
            timing.beginInterval(System.nanoTime());
            cleanUp.idle(partitions.running());
        }
    }

    /** As {@link #startIfDue}, while there are records in hand, which cannot wait for it. */
    void startWithinBatchIfDue() {
        if (settings.async()) {
            startIfDue();
        }
    }

    /** Ends the epoch. @return whether there was anything to take a checkpoint of */
    boolean start(CheckpointReport.Trigger trigger) {
        List<RunningPartition> moved =
                partitions.running().stream().filter(RunningPartition::hasMoved).toList();
        if (moved.isEmpty()) {
            requests.upToDate();
            return false;
        }
        long started = System.nanoTime();
        var observer = context.environment().checkpointing().observer();
        var outputs = context.outputs().freeze();
        requests.begun();
        List<CheckpointPart> parts = moved.stream()
                .map(partition -> CheckpointPart.freeze(partition, observer))
                .toList();
        Duration freeze = Duration.ofNanos(System.nanoTime() - started);
        inFlight = new CheckpointInFlight(trigger, parts, outputs, observer, freeze, settings.timeout());
        ends.begun();
        timing.beginInterval(inFlight.startedNanos());
        inFlight.prepare(context.environment().threads().io());
        guard.ask();
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
                    throw ends.tooSlow(inFlight);
                }
            }
            case PREPARED -> {
                if (mayBeCommitted()) {
                    sendOffsets(inFlight);
                }
            }
            case COMMITTING -> {}
            case DONE -> complete(take());
            case FAILED -> throw ends.failed(inFlight);
            case REFUSED -> throw ends.refused(inFlight);
            case STRANDED -> throw ends.stranded(take());
            case UNKNOWN -> throw ends.unknown(take());
            case ABANDONED -> throw new IllegalStateException("a checkpoint that was given up is still in flight");
        }
    }

    private CheckpointInFlight take() {
        CheckpointInFlight taken = inFlight;
        inFlight = null;
        return taken;
    }

    private void complete(CheckpointInFlight done) {
        timing.completed(System.nanoTime());
        ends.completed(done);
        cleanUp.committed(done);
    }

    /** @throws InputsChangedException when it holds records of other topics than its partitions were started with */
    private boolean mayBeCommitted() {
        List<RunningPartition> frozen =
                inFlight.parts().stream().map(CheckpointPart::partition).toList();
        try {
            if (guard.allows(frozen)) {
                return true;
            }
        } catch (InputsChangedException e) {
            ends.report(inFlight, e.getMessage());
            cleanUp.mark(frozen);
            throw e;
        }
        if (inFlight.isOverdue()) {
            throw ends.unverified(inFlight, guard.trouble());
        }
        return false;
    }

    private void sendOffsets(CheckpointInFlight prepared) {
        try {
            prepared.sendOffsets(context.consumer());
            prepared.commit(context.environment().kafka().group(), background);
        } catch (RebalanceInProgressException e) {
            // The group moves partitions; ours are still ours, and the next poll lets us commit them.
            LOG.debugf("the offsets are sent after the rebalance: %s", e.getMessage());
        }
    }

    /** The epochs were thrown away; the next checkpoint is due an interval from now. */
    void rolledBack() {
        timing.beginInterval(System.nanoTime());
    }

    /** There is no other checkpoint to wait for than the next one. */
    void dueNow() {
        timing.dueAt(System.nanoTime());
    }

    /** What to add to a time-out; empty if the store is well. */
    String lastStoreFailure() {
        return ends.lastStoreFailure();
    }

    /**
     * Gives up the checkpoint in flight, unless it turns out to be committed. Waits for the outcome of a commit, and else
     * for no more than a second.
     *
     * @throws StopWorkerException when it is or may be committed, and the loop cannot continue from it
     */
    void abandon() {
        if (inFlight == null) {
            return;
        }
        long began = System.nanoTime();
        while (isCommitting()) {
            if (context.endsWithoutKafka(began)) {
                inFlight.interruptCommit();
            }
            LockSupport.parkNanos(WAIT_NANOS);
        }
        CheckpointInFlight ended = take();
        switch (ended.phase()) {
            case DONE -> complete(ended);
            case STRANDED -> throw ends.stranded(ended);
            case UNKNOWN -> throw ends.unknown(ended);
            default -> {
                ends.report(ended, "given up, because the loop went back to the checkpoint before");
                ended.abandon(REST_LIMIT);
            }
        }
    }

    /** As {@link #abandon}, for a loop that ends: does not wait longer for Kafka's answer to a commit than a while. */
    void abandonAtEnd() {
        long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
        while (isCommitting()
                && System.nanoTime() - deadline < 0
                && !context.end().isCutOff()) {
            LockSupport.parkNanos(WAIT_NANOS);
        }
        if (inFlight != null) {
            inFlight.interruptCommit();
        }
        abandon();
    }
}
