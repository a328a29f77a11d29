package dev.cairn.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.jboss.logging.Logger;

import dev.cairn.settings.Settings;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.StateSerdeException;
import dev.cairn.state.StateTooLargeException;

/**
 * A loop: poll, process, emit, and now and then a checkpoint. One thread, one member of the group.
 *
 * <pre>
 *   STARTING ──► RUNNING ──► STOPPING ──► STOPPED
 *       │           │            │
 *       └───────────┴────────────┴──────► FAILED
 * </pre>
 */
final class Loop implements Runnable {

    private static final Logger LOG = Logger.getLogger(Loop.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration POLL_WHILE_WAITING = Duration.ofMillis(5);
    private static final Duration ROLL_BACK_PAUSE = Duration.ofMillis(200);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final int RECORDS_BETWEEN_LOOKS = 32;
    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();
    private static final long LAG_NANOS = Duration.ofSeconds(1).toNanos();

    /** Where it stands. */
    enum State {
        STARTING,
        RUNNING,
        STOPPING,
        STOPPED,
        FAILED
    }

    private final int number;
    private final Settings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final Outputs outputs;
    private final LoopPartitions partitions;
    private final LoopCheckpoints checkpoints;
    private final LoopStatus status;
    private final Duration lastCheckpointLimit;
    private final HotKeyWatch hotKeys;
    private final java.util.function.Consumer<WorkerEvent> events;
    private final GroupMember member;
    private final LoopMailbox mailbox = new LoopMailbox();

    private volatile State state = State.STARTING;
    private volatile Ending ending;
    private volatile boolean joined;
    private volatile boolean coverageRequested;
    private volatile boolean paused;
    private volatile Throwable failure;
    private String rollBackReason;
    private boolean outputsStarted;
    private boolean held;
    private long nextLookNanos;
    private long nextLagNanos;

    Loop(
            int number,
            Settings settings,
            Consumer<byte[], byte[]> consumer,
            Outputs outputs,
            LoopPartitions partitions,
            LoopCheckpoints checkpoints,
            LoopStatus status,
            Duration lastCheckpointLimit,
            java.util.function.Consumer<WorkerEvent> events,
            GroupMember member) {
        this.number = number;
        this.settings = settings;
        this.consumer = consumer;
        this.outputs = outputs;
        this.partitions = partitions;
        this.checkpoints = checkpoints;
        this.status = status;
        this.lastCheckpointLimit = lastCheckpointLimit;
        this.hotKeys = new HotKeyWatch(status);
        this.events = events;
        this.member = member;
    }

    int number() {
        return number;
    }

    State state() {
        return state;
    }

    LoopStatus status() {
        return status;
    }

    /** Tasks for its thread, from any other. It empties it between records, unless it is about to roll back. */
    LoopMailbox mailbox() {
        return mailbox;
    }

    /** What it knows of its place in the group. */
    Membership membership() {
        return member.membership();
    }

    Throwable failure() {
        return failure;
    }

    /** Whether it has an assignment, be it an empty one. */
    boolean hasJoined() {
        return joined;
    }

    /** Lets it end after a last checkpoint. From any thread. */
    void stop() {
        end(Ending.SUSPEND);
    }

    /** As {@link #stop}, and says what becomes of its place and its checkpoints. What was asked first counts. */
    synchronized void end(Ending how) {
        if (ending == null) {
            ending = how;
        }
    }

    /** Lets it ask the group for a new assignment, because the present one leaves something out. From any thread. */
    void rebalance() {
        coverageRequested = true;
    }

    /** Lets it process nothing, or go on; it stays a member, and what was processed is committed. From any thread. */
    void pause(boolean now) {
        paused = now;
    }

    /** Asks for a checkpoint that begins from now on. From any thread; nothing where nothing has changed. */
    CompletableFuture<Optional<CheckpointReport>> checkpoint() {
        return checkpoints.request();
    }

    @Override
    public void run() {
        try {
            outputs.start();
            consumer.subscribe(settings.job().inputTopics(), new GroupCallbacks());
            state = State.RUNNING;
            while (ending == null) {
                turn();
            }
            state = State.STOPPING;
            finish();
            close();
            state = State.STOPPED;
        } catch (Throwable e) {
            failure = e;
            state = State.FAILED;
            closeAfterFailure(e);
        } finally {
            checkpoints.refuseRequests();
        }
    }

    private void turn() {
        status.turned();
        try {
            if (rollBackReason != null) {
                rollBack();
            }
            checkpoints.advance();
            if (outputsAreStarted()) {
                partitions.advance();
            }
            partitions.requireRoom();
            checkpoints.startIfDue(partitions.all());
            holdIfNeeded();
            answer();
            member.membership().polling();
            long began = System.nanoTime();
            ConsumerRecords<byte[], byte[]> batch =
                    consumer.poll(status.isStalled() || partitions.anyStarting() ? POLL_WHILE_WAITING : POLL);
            long polled = System.nanoTime();
            status.polled(polled - began);
            if (rollBackReason == null) {
                process(batch);
                status.processed(batch.count(), System.nanoTime() - polled);
                look();
            }
        } catch (RollBackException e) {
            rollBackReason = e.getMessage();
        } catch (FencedInstanceIdException e) {
            throw new StopWorkerException(
                    "another worker has the same name '" + settings.job().instance()
                            + "': give each its own cairn.instance",
                    e);
        } catch (StateTooLargeException e) {
            throw new StopWorkerException(
                    "with state.backend=hashmap all of the state is kept on the heap, and in loop " + number + " "
                            + e.getMessage() + ". Set state.backend=rocksdb, or give the worker a larger heap (-Xmx)."
                            + " Nothing is lost: the next start goes on from the last checkpoint",
                    e);
        } catch (StateSerdeException e) {
            throw new StopWorkerException(e.getMessage() + ". Nothing of it is kept; correct the processor's serde", e);
        } catch (InvalidOffsetException e) {
            restart(e.partitions(), e);
        } catch (AuthenticationException | AuthorizationException e) {
            throw new StopWorkerException("Kafka refuses this worker: " + e.getMessage(), e);
        } catch (KafkaException e) {
            // What a callback throws comes out of poll in a wrapping.
            if (e.getCause() instanceof StopWorkerException stop) {
                throw stop;
            }
            throw e;
        }
    }

    private void answer() {
        member.membership().look();
        mailbox.empty();
    }

    private boolean outputsAreStarted() {
        if (!outputsStarted) {
            outputsStarted = outputs.isStarted();
        }
        return outputsStarted;
    }

    private void process(ConsumerRecords<byte[], byte[]> batch) {
        if (batch.isEmpty() && batch.nextOffsets().isEmpty()) {
            return;
        }
        for (TopicPartition input : batch.partitions()) {
            PartitionTask task = partitions.get(input.partition());
            if (task != null && task.isRunning()) {
                process(task, input, batch.records(input));
            }
        }
        for (var next : batch.nextOffsets().entrySet()) {
            moveTo(next.getKey(), next.getValue());
        }
    }

    private void process(PartitionTask task, TopicPartition input, List<ConsumerRecord<byte[], byte[]>> records) {
        InputCursor cursor = task.cursor(input);
        int untilLook = RECORDS_BETWEEN_LOOKS;
        try {
            for (int i = 0; i < records.size(); i++) {
                ConsumerRecord<byte[], byte[]> record = records.get(i);
                task.process(record);
                cursor.moveTo(record.offset() + 1);
                if (--untilLook == 0) {
                    untilLook = RECORDS_BETWEEN_LOOKS;
                    lookIfTime();
                }
            }
        } catch (LocalStateException e) {
            rollBackNow("partition " + task.partition() + " has to be restored");
            if (task.isRunning()) {
                restartFromStore(task, e);
            }
            throw new RollBackException("the rest of a batch is read again");
        }
    }

    private void restartFromStore(PartitionTask task, LocalStateException cause) {
        LOG.errorf(
                "partition %d: the local database is damaged, it is restored from the store: %s",
                task.partition(), cause.getMessage());
        partitions.restartFromStore(task);
    }

    /** Control records and aborted tails count, so this may be more than the last record's offset and one. */
    private void moveTo(TopicPartition input, OffsetAndMetadata next) {
        PartitionTask task = partitions.get(input.partition());
        if (task != null && task.isRunning()) {
            task.cursor(input).moveTo(next.offset());
        }
    }

    private void lookIfTime() {
        long now = System.nanoTime();
        if (now - nextLookNanos >= 0) {
            nextLookNanos = now + LOOK_NANOS;
            status.turned();
            partitions.requireRoom();
            checkpoints.advance();
            checkpoints.startWithinBatchIfDue(partitions.all());
            answer();
        }
    }

    private void look() {
        long now = System.nanoTime();
        if (now - nextLagNanos >= 0) {
            nextLagNanos = now + LAG_NANOS;
            long lag = 0;
            boolean uncommitted = false;
            for (PartitionTask task : partitions.all()) {
                if (task.isRunning()) {
                    uncommitted |= task.hasMoved();
                    lag += show(task);
                }
            }
            status.lag(lag);
            status.uncommitted(uncommitted);
            partitions.showReads();
            if (settings.job().hotKeys()) {
                hotKeys.look(partitions.all(), now);
            }
        }
        if (member.hasMoved()) {
            consumer.enforceRebalance("the worker listens at " + member.self().address() + " now");
        }
        if (coverageRequested) {
            coverageRequested = false;
            consumer.enforceRebalance(
                    "the assignment leaves some of " + settings.job().inputTopics() + " out");
        }
    }

    /** @return how far it is behind */
    private long show(PartitionTask task) {
        List<WorkerStatus.InputInfo> inputs = new ArrayList<>();
        long lag = 0;
        for (InputCursor cursor : task.cursors()) {
            long behind = consumer.currentLag(cursor.input()).orElse(0);
            lag += behind;
            inputs.add(
                    new WorkerStatus.InputInfo(cursor.input().topic(), cursor.position(), cursor.committed(), behind));
        }
        task.show(inputs);
        return lag;
    }

    /** Processes nothing while a checkpoint has to be waited for, or while somebody has paused it. */
    private void holdIfNeeded() {
        boolean stall = checkpoints.mustStall();
        status.stalled(stall);
        boolean hold = stall || paused;
        if (hold) {
            // Every time, because a partition may have been started in the meantime.
            consumer.pause(partitions.runningInputs());
        } else if (held) {
            consumer.resume(partitions.runningInputs());
        }
        held = hold;
    }

    /** Polls nothing while the broker cannot be reached, but stays a member. */
    private void rollBack() {
        try {
            rollBackNow(rollBackReason);
            rollBackReason = null;
        } catch (KafkaException e) {
            LOG.warnf("cannot roll back yet: %s", e.getMessage());
            consumer.pause(consumer.assignment());
            consumer.poll(ROLL_BACK_PAUSE);
            consumer.resume(partitions.runningInputs());
            throw new RollBackException(rollBackReason);
        }
    }

    private void rollBackNow(String reason) {
        LOG.warnf("going back to the last checkpoint: %s", reason);
        status.rolledBack();
        events.accept(new WorkerEvent.RolledBack(Instant.now(), settings.job().instance(), number, reason));
        checkpoints.abandon();
        outputs.rollBack();
        checkpoints.rolledBack();
        for (PartitionTask task : partitions.all()) {
            if (task.isRunning()) {
                rollBack(task);
            }
        }
    }

    private void rollBack(PartitionTask task) {
        try {
            task.rollBack();
        } catch (LocalStateException e) {
            restartFromStore(task, e);
            return;
        }
        for (InputCursor cursor : task.cursors()) {
            consumer.seek(cursor.input(), cursor.position());
        }
    }

    /** The input was deleted while it was read. Starting the partition again finds out, and parks it with a way out. */
    private void restart(Collection<TopicPartition> inputs, KafkaException cause) {
        rollBackNow(cause.getMessage());
        for (TopicPartition input : inputs) {
            PartitionTask task = partitions.get(input.partition());
            if (task != null && task.isRunning()) {
                partitions.restart(task);
            }
        }
    }

    private void finish() {
        try {
            if (rollBackReason == null) {
                checkpoints.last(partitions.all(), lastCheckpointLimit);
                checkpoints.close(partitions.all());
                if (ending == Ending.LEAVE_AND_DELETE) {
                    checkpoints.delete(partitions.all());
                }
            }
        } catch (RollBackException e) {
            LOG.warnf("no last checkpoint: %s. The next start goes on from the one before", e.getMessage());
        }
    }

    private void close() {
        checkpoints.abandon();
        partitions.close();
        consumer.close(CloseOptions.timeout(CLOSE_LIMIT)
                .withGroupMembershipOperation(
                        ending == Ending.LEAVE || ending == Ending.LEAVE_AND_DELETE
                                ? GroupMembershipOperation.LEAVE_GROUP
                                : GroupMembershipOperation.DEFAULT));
        outputs.close();
    }

    private void closeAfterFailure(Throwable cause) {
        try {
            checkpoints.abandon();
            // A transaction left open would hold up the readers of the output until its time-out.
            outputs.rollBack();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
        try {
            close();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** Called by the consumer, inside of poll and close, on the loop's thread. */
    private final class GroupCallbacks implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            joined = true;
            if (assigned.isEmpty()) {
                return;
            }
            if (partitions.anyRunning(assigned)) {
                // A topic was added to numbers that are running: they start again, with all of their topics.
                lastCheckpoint();
            }
            partitions.takeOver(assigned);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            if (revoked.isEmpty() || state == State.FAILED) {
                return;
            }
            if (partitions.anyRunning(revoked)) {
                lastCheckpoint();
            }
            partitions.giveUp(revoked);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            // Offsets of a partition that was not owned without a break must never be sent, and the transaction is
            // shared.
            member.membership().lost();
            checkpoints.abandon();
            partitions.giveUp(lost);
            rollBackReason = "the group has taken partitions away: " + lost;
        }

        private void lastCheckpoint() {
            try {
                if (rollBackReason == null) {
                    checkpoints.last(partitions.all(), lastCheckpointLimit);
                }
            } catch (RollBackException e) {
                checkpoints.abandon();
                rollBackReason = e.getMessage();
            }
        }
    }
}
