package dev.cairn.worker.loop;

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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.checkpoint.write.CleanUp;
import dev.cairn.checkpoint.write.FrozenPartition;
import dev.cairn.checkpoint.write.Lease;
import dev.cairn.checkpoint.write.PartitionCheckpoints;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointSettings;
import dev.cairn.settings.DurationText;
import dev.cairn.state.DamagedDatabaseException;
import dev.cairn.state.StateMemory;
import dev.cairn.storage.StorageException;
import dev.cairn.storage.StoreStatus;
import dev.cairn.worker.group.GroupOffsets;
import dev.cairn.worker.group.Membership;
import dev.cairn.worker.output.EndWatch;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.RollBackException;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerEvent;

/**
 * When a loop takes checkpoints, and how one that is under way goes on. On the loop's thread.
 *
 * <p>At most one is in flight. The transaction is shared, so that a checkpoint is always of all partitions that have moved.
 */
final class LoopCheckpoints {

    private static final Logger LOG = Logger.getLogger(LoopCheckpoints.class);
    private static final Duration REST_LIMIT = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final Duration LEASE_LIMIT = Duration.ofSeconds(3);

    /** How long a last checkpoint waits for a store that fails: well inside the grace period of a pod. */
    static final Duration FAILING_STORE_LIMIT = Duration.ofSeconds(10);

    private static final long WAIT_NANOS = 500_000;

    private final String worker;
    private final int loop;
    private final CheckpointSettings settings;
    private final Consumer<?, ?> consumer;
    private final Outputs outputs;
    private final StateMemory memory;
    private final GroupOffsets group;
    private final InputGuard guard;
    private final CheckpointObserver observer;
    private final Membership membership;
    private final Duration leaseLength;
    private final ExecutorService io;
    private final ExecutorService behind;
    private final ExecutorService bases;
    private final CleanUp cleanUp;
    private final LoopStatus status;
    private final java.util.function.Consumer<WorkerEvent> events;
    private final Supplier<StoreStatus> store;
    private final EndWatch end;
    private final KafkaRefusals refusals;
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
            InputGuard guard,
            CheckpointObserver observer,
            Membership membership,
            Duration leaseLength,
            ExecutorService io,
            ExecutorService behind,
            ExecutorService bases,
            CleanUp cleanUp,
            LoopStatus status,
            java.util.function.Consumer<WorkerEvent> events,
            Supplier<StoreStatus> store,
            EndWatch end,
            KafkaRefusals refusals) {
        this.worker = worker;
        this.loop = loop;
        this.settings = settings;
        this.consumer = consumer;
        this.outputs = outputs;
        this.memory = memory;
        this.group = group;
        this.guard = guard;
        this.observer = observer;
        this.membership = membership;
        this.leaseLength = leaseLength;
        this.io = io;
        this.behind = behind;
        this.bases = bases;
        this.cleanUp = cleanUp;
        this.status = status;
        this.events = events;
        this.store = store;
        this.end = end;
        this.refusals = refusals;
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

    /** Whether the checkpoint under way holds changes of this partition. */
    boolean isWriting(PartitionTask task) {
        return inFlight != null && inFlight.parts().stream().anyMatch(part -> part.task() == task);
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
        long started = System.nanoTime();
        Outputs.Frozen frozenOutputs = outputs.freeze();
        requests.begun();
        List<CheckpointPart> parts = new ArrayList<>();
        for (PartitionTask task : moved) {
            FrozenPartition frozen = task.freeze();
            observer.reached(
                    CheckpointStep.FROZEN, task.partition(), task.checkpoints().nextNumber());
            parts.add(new CheckpointPart(task, frozen));
        }
        Duration freeze = Duration.ofNanos(System.nanoTime() - started);
        inFlight = new CheckpointInFlight(trigger, parts, frozenOutputs, observer, freeze, settings.timeout());
        reported = false;
        status.checkpointStarted();
        nextDueNanos = inFlight.startedNanos() + settings.interval().toNanos();
        inFlight.prepare(io);
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
                    throw failed(
                            "it took longer than " + SettingNames.TIMEOUT + "=" + DurationText.of(settings.timeout())
                                    + lastStoreFailure(),
                            null);
                }
            }
            case PREPARED -> {
                if (mayBeCommitted()) {
                    sendOffsets(inFlight);
                }
            }
            case COMMITTING -> {}
            case DONE -> complete();
            case FAILED ->
                throw inFlight.failure() instanceof DamagedDatabaseException damage
                        ? damaged(damage)
                        : failed(inFlight.reason() + wayOut(inFlight.failure()), inFlight.failure());
            case REFUSED -> {
                String why = "the checkpoint was not committed";
                ended(inFlight, why);
                throw new RollBackException(why);
            }
            case STRANDED -> throw stranded();
            case UNKNOWN -> throw unknown();
            case ABANDONED -> throw new IllegalStateException("a checkpoint that was given up is still in flight");
        }
    }

    private String lastStoreFailure() {
        return store.get().failing().stream()
                .findFirst()
                .map(failure -> ". Last failure of the store: " + failure.message())
                .orElse("");
    }

    private static String wayOut(Throwable failure) {
        return failure instanceof StorageException e && e.isPermanent()
                ? ". " + e.fault().wayOut()
                : "";
    }

    /** Committed: continuing from the one before would count twice what it holds. */
    private StopWorkerException stranded() {
        return outOfHands("a checkpoint is committed, but cannot be completed: " + inFlight.reason()
                + ". The checkpoint is safe; the next start continues from it");
    }

    /** It may be committed, so that continuing from the one before might count twice what it holds. */
    private StopWorkerException unknown() {
        String why = refusals.sentence(inFlight.failure(), outputs.transactionalIds())
                .orElseGet(inFlight::reason);
        return outOfHands("it is unknown whether the checkpoint in flight is committed: " + why
                + ". Nothing is lost: the next start reads from the group which checkpoint is the last");
    }

    /** Nothing is abandoned, deleted or reported as failed of what may be committed. */
    private StopWorkerException outOfHands(String why) {
        StopWorkerException stop = new StopWorkerException(why, inFlight.failure());
        inFlight = null;
        requests.failed(stop);
        return stop;
    }

    /** @throws InputsChangedException when it holds records of other topics than its partitions were started with */
    private boolean mayBeCommitted() {
        List<PartitionTask> tasks =
                inFlight.parts().stream().map(CheckpointPart::task).toList();
        try {
            if (guard.allows(tasks)) {
                return true;
            }
        } catch (InputsChangedException e) {
            ended(inFlight, e.getMessage());
            mark(tasks);
            throw e;
        }
        if (inFlight.isOverdue()) {
            throw failed(
                    "what the inputs are was not known within " + SettingNames.TIMEOUT + "="
                            + DurationText.of(settings.timeout()) + ": " + guard.trouble(),
                    null);
        }
        return false;
    }

    /**
     * Marks the last checkpoints as committed. When an input is deleted, the group forgets what it has committed of it, and
     * no later checkpoint may name them as their parents.
     */
    void mark(Collection<PartitionTask> tasks) {
        awaitCleanUp(() -> cleanUp.mark(running(tasks)));
    }

    private void sendOffsets(CheckpointInFlight prepared) {
        try {
            prepared.sendOffsets(consumer);
            prepared.commit(group, behind);
        } catch (RebalanceInProgressException e) {
            // The group moves partitions; ours are still ours, and the next poll lets us commit them.
            LOG.debugf("the offsets are sent after the rebalance: %s", e.getMessage());
        }
    }

    /** The store and the broker are well: what is damaged is restored, and the checkpoint taken again. */
    private RollBackException damaged(DamagedDatabaseException damage) {
        ended(inFlight, damage.getMessage());
        return new RollBackException(
                "a checkpoint needs files of the local disk that are damaged: " + damage.getMessage());
    }

    private RuntimeException failed(String why, Throwable cause) {
        failuresInRow++;
        ended(inFlight, why);
        if (failuresInRow > settings.tolerableFailed()) {
            return new StopWorkerException(
                    failuresInRow
                            + " checkpoints in a row have failed, " + SettingNames.TOLERABLE_FAILED_CHECKPOINTS + "="
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
        List<PartitionCheckpoints> committed = new ArrayList<>();
        for (CheckpointPart part : done.parts()) {
            part.task().committed(part.frozen().positions());
            CheckpointMetadata metadata = part.prepared().metadata();
            LOG.debugf(
                    "partition %s: %s committed, %s bytes changed, %s in all",
                    part.task().partition(), metadata.id(), metadata.deltaBytes(), metadata.fullBytes());
            PartitionCheckpoints checkpoints = part.checkpoints();
            committed.add(checkpoints);
            bases.execute(checkpoints::buildBaseIfDue);
        }
        cleanUp.committed(committed, leaseFrom(done.askedNanos()));
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
        cleanUp.idle(running(tasks));
    }

    private static List<PartitionCheckpoints> running(Collection<PartitionTask> tasks) {
        return tasks.stream()
                .filter(PartitionTask::isRunning)
                .map(PartitionTask::checkpoints)
                .toList();
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
        awaitCleanUp(() -> cleanUp.last(running(tasks), renewedLease(tasks)));
    }

    private static void awaitCleanUp(Supplier<CompletableFuture<Void>> work) {
        try {
            work.get().get(CLOSE_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.warnf("clean-up is not finished, the next start continues with it: %s", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * After a commit that the group has accepted.
     *
     * @param asked when it was about to be asked, by {@link System#nanoTime}
     */
    private Lease leaseFrom(long asked) {
        return () -> membership.holds() || System.nanoTime() - asked < leaseLength.toNanos();
    }

    /** Asks the group once more whether the partitions are ours, by committing again what is committed. */
    private Lease renewedLease(Collection<PartitionTask> tasks) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (PartitionTask task : tasks) {
            if (task.isRunning()) {
                task.checkpoints()
                        .committed()
                        .ifPresent(last -> offsets.putAll(task.offsets(last.positions(), last.id())));
            }
        }
        if (offsets.isEmpty() || end.isCutOff()) {
            return () -> false;
        }
        long asked = System.nanoTime();
        try {
            consumer.commitSync(offsets, LEASE_LIMIT);
            return leaseFrom(asked);
        } catch (KafkaException e) {
            LOG.infof(
                    "the group does not confirm the partitions of a loop that ends, its next start cleans up after it: %s",
                    e.getMessage());
            return () -> false;
        }
    }

    /** The epochs were thrown away; the next checkpoint is due an interval from now. */
    void rolledBack() {
        nextDueNanos = System.nanoTime() + settings.interval().toNanos();
    }

    /** There is no other checkpoint to wait for than the next one. */
    void dueNow() {
        nextDueNanos = System.nanoTime();
    }

    private void await(long deadline) {
        long began = System.nanoTime();
        while (inFlight != null) {
            status.turned();
            requireBroker(began);
            advance();
            if (System.nanoTime() - deadline > 0) {
                throw new RollBackException("the last checkpoint was not finished in time" + lastStoreFailure());
            }
            requireStore(began);
            LockSupport.parkNanos(WAIT_NANOS);
        }
    }

    /** A worker that ends waits neither for an answer to its commit nor for one about its inputs for long. */
    private void requireBroker(long began) {
        if (inFlight.phase() != CheckpointInFlight.Phase.PREPARING && endsWithoutKafka(began)) {
            throw new RollBackException("Kafka has not answered in the time that a worker has for its end");
        }
    }

    private boolean endsWithoutKafka(long began) {
        return end.givesUp(began) && end.isCutOff();
    }

    /** A store that has been failing for a while will hardly come back before the process is killed. */
    private void requireStore(long began) {
        if (inFlight == null
                || inFlight.phase() != CheckpointInFlight.Phase.PREPARING
                || System.nanoTime() - began < FAILING_STORE_LIMIT.toNanos()) {
            return;
        }
        store.get()
                .failingWrites()
                .filter(failure -> failure.lasting().compareTo(FAILING_STORE_LIMIT) >= 0)
                .ifPresent(failure -> {
                    throw new RollBackException("the store has been failing for "
                            + failure.lasting().toSeconds() + " s: " + failure.message());
                });
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
        while (inFlight.phase() == CheckpointInFlight.Phase.COMMITTING) {
            if (endsWithoutKafka(began)) {
                inFlight.interruptCommit();
            }
            LockSupport.parkNanos(WAIT_NANOS);
        }
        switch (inFlight.phase()) {
            case DONE -> complete();
            case STRANDED -> throw stranded();
            case UNKNOWN -> throw unknown();
            default -> {
                CheckpointInFlight abandoned = inFlight;
                inFlight = null;
                ended(abandoned, "given up, because the loop went back to the checkpoint before");
                abandoned.abandon(REST_LIMIT);
            }
        }
    }

    /** As {@link #abandon}, for a loop that ends: does not wait longer for Kafka's answer to a commit than a while. */
    void abandonAtEnd() {
        long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
        while (inFlight != null
                && inFlight.phase() == CheckpointInFlight.Phase.COMMITTING
                && System.nanoTime() - deadline < 0
                && !end.isCutOff()) {
            LockSupport.parkNanos(WAIT_NANOS);
        }
        if (inFlight != null) {
            inFlight.interruptCommit();
        }
        abandon();
    }
}
