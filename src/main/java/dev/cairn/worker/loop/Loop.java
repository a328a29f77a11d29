package dev.cairn.worker.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
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

import dev.cairn.names.SettingNames;
import dev.cairn.settings.Settings;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.StateSerdeException;
import dev.cairn.state.StateTooLargeException;
import dev.cairn.storage.Clause;
import dev.cairn.worker.group.GroupMember;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.group.Membership;
import dev.cairn.worker.output.EndWatch;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.record.RecordErrors;
import dev.cairn.worker.record.Refusals;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.FailureKind;
import dev.cairn.worker.status.RollBackException;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerEvent;
import dev.cairn.worker.status.WorkerStatus;

/**
 * A loop: poll, process, emit, and now and then a checkpoint. One thread, one member of the group.
 *
 * <pre>
 *   STARTING ──► RUNNING ──► STOPPING ──► STOPPED
 *       │           │            │
 *       └───────────┴────────────┴──────► FAILED
 * </pre>
 */
public final class Loop implements Runnable {

    private static final Logger LOG = Logger.getLogger(Loop.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration POLL_WHILE_WAITING = Duration.ofMillis(5);
    private static final Duration ROLL_BACK_PAUSE = Duration.ofMillis(200);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration CUT_OFF_CLOSE_LIMIT = Duration.ofMillis(500);
    private static final int RECORDS_BETWEEN_LOOKS = 32;
    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();
    private static final long LAG_NANOS = Duration.ofSeconds(1).toNanos();

    /** Where it stands. */
    public enum State {
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
    private final InputFlow flow;
    private final RecordErrors errors;
    private final RollBacks rollBacks;
    private final ReplayLimits limits;
    private final LoopStatus status;
    private final PollGap gap;
    private final Duration lastCheckpointLimit;
    private final HotKeyWatch hotKeys;
    private final java.util.function.Consumer<WorkerEvent> events;
    private final GroupMember member;
    private final EndWatch end;
    private final KafkaRefusals refusals;
    private final LoopMailbox mailbox = new LoopMailbox();

    private volatile State state = State.STARTING;
    private volatile Ending ending;
    private volatile boolean joined;
    private volatile boolean coverageRequested;
    private volatile boolean paused;
    private volatile Throwable failure;
    private volatile Map<String, InputTopic> inputs;
    private List<PartitionTask> startAgain = List.of();
    private RollBackException rollBackReason;
    private boolean rollBackFailed;
    private boolean outputsStarted;
    private long nextLookNanos;
    private long nextLagNanos;

    Loop(
            int number,
            Settings settings,
            Consumer<byte[], byte[]> consumer,
            Outputs outputs,
            LoopPartitions partitions,
            LoopCheckpoints checkpoints,
            InputFlow flow,
            RecordErrors errors,
            LoopStatus status,
            PollGap gap,
            Duration lastCheckpointLimit,
            java.util.function.Consumer<WorkerEvent> events,
            GroupMember member,
            EndWatch end) {
        this.number = number;
        this.settings = settings;
        this.consumer = consumer;
        this.outputs = outputs;
        this.partitions = partitions;
        this.checkpoints = checkpoints;
        this.flow = flow;
        this.errors = errors;
        this.rollBacks = new RollBacks(settings.checkpoints().tolerableFailed(), this::describe, System::nanoTime);
        this.limits = new ReplayLimits(consumer, errors.refusals());
        this.status = status;
        this.gap = gap;
        this.lastCheckpointLimit = lastCheckpointLimit;
        this.hotKeys = new HotKeyWatch(status);
        this.events = events;
        this.member = member;
        this.end = end;
        this.refusals = new KafkaRefusals(settings);
    }

    public int number() {
        return number;
    }

    public State state() {
        return state;
    }

    public LoopStatus status() {
        return status;
    }

    /** Tasks for its thread, from any other. It empties it between records, unless it is about to roll back. */
    public LoopMailbox mailbox() {
        return mailbox;
    }

    /** What it knows of its place in the group. */
    public Membership membership() {
        return member.membership();
    }

    public Throwable failure() {
        return failure;
    }

    /** Whether it has an assignment, be it an empty one. */
    public boolean hasJoined() {
        return joined;
    }

    /** Lets it end after a last checkpoint. From any thread. */
    public void stop() {
        end(Ending.SUSPEND);
    }

    /** As {@link #stop}, and says what becomes of its place and its checkpoints. What was asked first counts. */
    public synchronized void end(Ending how) {
        if (ending == null) {
            ending = how;
        }
    }

    /** Lets it ask the group for a new assignment, because the present one leaves something out. From any thread. */
    public void rebalance() {
        coverageRequested = true;
    }

    /** Lets it process nothing, or go on; it stays a member, and what was processed is committed. From any thread. */
    public void pause(boolean now) {
        paused = now;
    }

    /** Tells it what the job's inputs are now; those that do not exist are left out. From any thread. */
    public void inputsAre(Map<String, InputTopic> now) {
        inputs = now;
    }

    /** Asks for a checkpoint that begins from now on. From any thread; nothing where nothing has changed. */
    public CompletableFuture<Optional<CheckpointReport>> checkpoint() {
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
        try {
            if (rollBackReason != null) {
                rollBack();
            }
            // A turn that only rolls back, or waits after that, is no sign of life.
            if (!rollBacks.isPausing()) {
                status.turned();
            }
            requireSameInputs();
            checkpoints.advance();
            noteProgress();
            if (outputsAreStarted()) {
                outputs.check();
                partitions.advance();
            }
            heal();
            partitions.requireRoom();
            if (!rollBacks.isPausing()) {
                if (limits.areReached(partitions.all())) {
                    checkpoints.dueNow();
                }
                checkpoints.startIfDue(partitions.all());
            }
            holdIfNeeded();
            answer();
            member.membership().polling();
            long began = System.nanoTime();
            ConsumerRecords<byte[], byte[]> batch = poll(flow.pollTimeout(isWaiting() ? POLL_WHILE_WAITING : POLL));
            long polled = System.nanoTime();
            status.polled(polled - began);
            if (rollBackReason == null) {
                int processed = flow.merges() ? merge(batch) : process(within(batch));
                status.processed(processed, System.nanoTime() - polled);
                look();
            }
        } catch (InputsChangedException e) {
            rollBackReason = new RollBackException(e.getMessage());
            startAgain = e.tasks();
        } catch (RollBackException e) {
            rollBackReason = e;
        } catch (FencedInstanceIdException e) {
            throw new StopWorkerException(
                    "another worker has the same name '" + settings.job().instance() + "': give each its own "
                            + SettingNames.INSTANCE,
                    e);
        } catch (StateTooLargeException e) {
            throw new StopWorkerException(
                    "with " + SettingNames.BACKEND + "=hashmap all of the state is kept on the heap, and in loop "
                            + number + " "
                            + Clause.of(e) + ". Set " + SettingNames.BACKEND
                            + "=rocksdb, or give the worker a larger heap (-Xmx)."
                            + " Nothing is lost: the next start goes on from the last checkpoint",
                    e);
        } catch (StateSerdeException e) {
            throw new StopWorkerException(Clause.of(e) + ". Nothing of it is kept; correct the processor's serde", e);
        } catch (InvalidOffsetException e) {
            restart(e.partitions(), e);
        } catch (AuthenticationException | AuthorizationException e) {
            // It may be about to be granted.
            rollBackReason = new RollBackException("Kafka refuses this worker", e);
        } catch (KafkaException e) {
            // What a callback throws comes out of poll in a wrapping.
            if (e.getCause() instanceof StopWorkerException stop) {
                throw stop;
            }
            throw refusals.sentence(e, outputs.transactionalIds())
                    .<RuntimeException>map(sentence -> new StopWorkerException(sentence, e))
                    .orElse(e);
        }
    }

    private void requireSameInputs() {
        Map<String, InputTopic> now = inputs;
        if (now != null) {
            inputs = null;
            InputsChangedException.of(partitions.all(), now).ifPresent(changed -> {
                checkpoints.mark(changed.tasks());
                throw changed;
            });
        }
    }

    /** Ends a row of roll backs, and forgets records that were refused, once checkpoints are past them. */
    private void noteProgress() {
        Refusals refusals = errors.refusals();
        if (rollBacks.inRow() == 0 && refusals.isEmpty()) {
            return;
        }
        List<TopicPartition> inputs = new ArrayList<>();
        List<TopicPartition> running = new ArrayList<>();
        for (PartitionTask task : partitions.all()) {
            inputs.addAll(task.inputs());
            if (task.isRunning()) {
                running.addAll(task.inputs());
                for (InputCursor cursor : task.cursors()) {
                    rollBacks.committed(cursor.input(), cursor.committed());
                    refusals.committed(cursor.input(), cursor.committed());
                }
            }
        }
        rollBacks.look(inputs);
        refusals.retain(running);
        if (refusals.isEmpty() && !limits.areNone()) {
            limits.lift();
        }
        status.rollBacksWithoutProgress(rollBacks.inRow());
    }

    private void answer() {
        member.membership().look();
        mailbox.empty();
    }

    private boolean outputsAreStarted() {
        if (!outputsStarted) {
            try {
                outputsStarted = outputs.isStarted();
            } catch (KafkaException e) {
                throw refused("cannot open the outputs", e);
            }
        }
        return outputsStarted;
    }

    /** For what a poll does not return early: partitions are assigned while it waits, and start beside it. */
    private boolean isWaiting() {
        return !joined || status.isStalled() || partitions.anyStarting();
    }

    private ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        gap.polling();
        try {
            return consumer.poll(timeout);
        } finally {
            gap.polled();
        }
    }

    private ConsumerRecords<byte[], byte[]> within(ConsumerRecords<byte[], byte[]> batch) {
        return limits.areNone() ? batch : limits.cut(batch, partitions);
    }

    private int process(ConsumerRecords<byte[], byte[]> batch) {
        if (batch.isEmpty() && batch.nextOffsets().isEmpty()) {
            return 0;
        }
        for (TopicPartition input : batch.partitions()) {
            PartitionTask task = partitions.get(input.partition());
            if (task != null && task.isProcessing()) {
                process(task, input, batch.records(input));
            }
        }
        for (var next : batch.nextOffsets().entrySet()) {
            moveTo(next.getKey(), next.getValue());
        }
        return batch.count();
    }

    /** As {@link #process}, with several input topics. @return how many records were processed */
    private int merge(ConsumerRecords<byte[], byte[]> batch) {
        flow.add(batch);
        int processed = 0;
        for (PartitionTask task : partitions.all()) {
            if (task.isProcessing() && !isHeld() && !limits.isReached(task)) {
                processed += merge(task, flow.begin(task));
            }
        }
        return processed;
    }

    private int merge(PartitionTask task, MergedInputs inputs) {
        int processed = 0;
        int perStep = recordsPerStep();
        gap.beginStep();
        long now = System.nanoTime();
        ConsumerRecord<byte[], byte[]> record = null;
        for (int next = inputs.next(now); next != InputMerger.NONE; next = inputs.next(now)) {
            record = inputs.take(next);
            if (!process(task, record)) {
                return processed;
            }
            inputs.processed(next);
            if (limits.isReached(task)) {
                processed++;
                break;
            }
            if (++processed % perStep == 0) {
                lookIfTime(record, perStep);
                if (!task.isProcessing()) {
                    return processed;
                }
                if (isHeld()) {
                    break;
                }
            }
        }
        gap.endStep(record, processed % perStep, System.nanoTime());
        flow.end(inputs);
        return processed;
    }

    /** Whether what was fetched has to wait, be it that this has turned out in the meantime. */
    private boolean isHeld() {
        return flow.isHeld() || paused || checkpoints.mustStall() || rollBacks.isPausing();
    }

    private void process(PartitionTask task, TopicPartition input, List<ConsumerRecord<byte[], byte[]>> records) {
        InputCursor cursor = task.cursor(input);
        int perStep = recordsPerStep();
        int untilLook = perStep;
        gap.beginStep();
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            if (!process(task, record)) {
                return;
            }
            cursor.moveTo(record.offset() + 1);
            if (--untilLook == 0) {
                untilLook = perStep;
                lookIfTime(record, perStep);
                if (!task.isProcessing()) {
                    return;
                }
            }
        }
        gap.endStep(records.get(records.size() - 1), perStep - untilLook, System.nanoTime());
    }

    /** One by one after a roll back, to tell which record takes long. */
    private int recordsPerStep() {
        return rollBacks.inRow() > 0 ? 1 : RECORDS_BETWEEN_LOOKS;
    }

    /** @return whether it was processed; if not, the record has left no effect, and is processed again after a restore */
    private static boolean process(PartitionTask task, ConsumerRecord<byte[], byte[]> record) {
        try {
            task.process(record);
            return true;
        } catch (LocalStateException e) {
            task.checkpoints().damaged(e);
            return false;
        }
    }

    /**
     * Restores partitions whose database is damaged, without a roll back. What such a partition has processed is on the heap
     * and in the open transaction, so the next checkpoint commits it with the others'; after that it can be let go.
     */
    private void heal() {
        for (PartitionTask task : partitions.all()) {
            if (task.isRunning() && !task.isProcessing()) {
                heal(task, task.checkpoints().damage().orElseThrow());
            }
        }
    }

    private void heal(PartitionTask task, LocalStateException damage) {
        if (task.hold()) {
            consumer.pause(task.inputs());
            if (task.hasMoved()) {
                CompletableFuture<Optional<CheckpointReport>> ignored = checkpoints.request();
            }
        }
        if (!task.hasMoved() && !checkpoints.isWriting(task)) {
            partitions.restartFromStore(task, damage);
        }
    }

    /** Control records and aborted tails count, so this may be more than the last record's offset and one. */
    private void moveTo(TopicPartition input, OffsetAndMetadata next) {
        PartitionTask task = partitions.get(input.partition());
        if (task != null && task.isProcessing()) {
            task.cursor(input).moveTo(next.offset());
        }
    }

    private void lookIfTime(ConsumerRecord<byte[], byte[]> last, int records) {
        long now = System.nanoTime();
        gap.endStep(last, records, now);
        if (now - nextLookNanos >= 0) {
            nextLookNanos = now + LOOK_NANOS;
            status.turned();
            partitions.requireRoom();
            checkpoints.advance();
            checkpoints.startWithinBatchIfDue(partitions.all());
            answer();
            gap.beginStep();
        }
    }

    private void look() {
        long now = System.nanoTime();
        if (now - nextLagNanos >= 0) {
            nextLagNanos = now + LAG_NANOS;
            boolean uncommitted = rollBacks.areOwing() || !limits.areNone();
            for (PartitionTask task : partitions.all()) {
                if (task.isRunning()) {
                    uncommitted |= task.hasMoved();
                    show(task);
                }
            }
            status.looked();
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

    private void show(PartitionTask task) {
        List<WorkerStatus.InputInfo> inputs = new ArrayList<>();
        for (InputCursor cursor : task.cursors()) {
            OptionalLong unread = consumer.currentLag(cursor.input());
            OptionalLong lag = unread.isPresent()
                    ? OptionalLong.of(unread.getAsLong() + flow.ahead(task, cursor.input()))
                    : unread;
            inputs.add(new WorkerStatus.InputInfo(cursor.input().topic(), cursor.position(), cursor.committed(), lag));
        }
        task.show(inputs);
    }

    /** Processes nothing while a checkpoint has to be waited for, after a roll back, or while it is paused. */
    private void holdIfNeeded() {
        boolean stall = checkpoints.mustStall() || limits.areReached(partitions.all());
        boolean hold = stall || paused || rollBacks.isPausing();
        status.stalled(stall);
        status.held(hold);
        flow.control(hold);
    }

    /** Polls nothing while the broker cannot be reached or refuses the roll back itself, but stays a member. */
    private void rollBack() {
        if (rollBackFailed && rollBacks.isPausing()) {
            pollNothing();
            throw rollBackReason;
        }
        Map<TopicPartition, Long> reached = reached();
        startAgain.forEach(task -> reached.keySet().removeAll(task.inputs()));
        boolean news;
        try {
            news = rollBackNow(describe(rollBackReason), reached);
            rollBackFailed = false;
        } catch (KafkaException e) {
            rollBackFailed = true;
            count(refused("cannot roll back", e), reached);
            pollNothing();
            throw rollBackReason;
        }
        RollBackException cause = rollBackReason;
        rollBackReason = null;
        startAgain.stream().filter(PartitionTask::isRunning).forEach(partitions::restart);
        startAgain = List.of();
        if (!news) {
            count(cause, reached);
        }
    }

    private void count(RollBackException cause, Map<TopicPartition, Long> reached) {
        rollBacks.happened(cause, reached);
        status.rollBacksWithoutProgress(rollBacks.inRow());
    }

    private void pollNothing() {
        consumer.pause(consumer.assignment());
        poll(ROLL_BACK_PAUSE);
        consumer.resume(partitions.runningInputs());
    }

    private String describe(RollBackException failure) {
        return refusals.describe(failure, outputs.transactionalIds());
    }

    /** What Kafka answers to the work of the loop's producers. */
    private RollBackException refused(String what, KafkaException answer) {
        return refusals.sentence(answer, outputs.transactionalIds())
                .map(sentence -> new RollBackException(what + ": " + sentence, FailureKind.WORKER))
                .orElseGet(() -> new RollBackException(what + " as " + outputs.transactionalIds(), answer));
    }

    /** Where the inputs are that have something to be rolled back. */
    private Map<TopicPartition, Long> reached() {
        Map<TopicPartition, Long> reached = new HashMap<>();
        for (PartitionTask task : partitions.all()) {
            if (task.isRunning()) {
                for (InputCursor cursor : task.cursors()) {
                    if (cursor.position() > cursor.committed()) {
                        reached.put(cursor.input(), cursor.position());
                    }
                }
            }
        }
        return reached;
    }

    /** @return whether it is known now which records cannot be sent, so that the next try is another one */
    private boolean rollBackNow(String reason, Map<TopicPartition, Long> reached) {
        if (!rollBackFailed) {
            LOG.warnf("going back to the last checkpoint: %s", reason);
            status.rolledBack();
            events.accept(
                    new WorkerEvent.RolledBack(Instant.now(), settings.job().instance(), number, reason));
        }
        checkpoints.abandon();
        boolean news = errors.refused(outputs.rollBack());
        if (news) {
            limits.set(reached);
        }
        limits.resume();
        checkpoints.rolledBack();
        for (PartitionTask task : partitions.all()) {
            if (task.isRunning()) {
                rollBack(task);
            }
        }
        return news;
    }

    private void rollBack(PartitionTask task) {
        try {
            task.rollBack();
        } catch (LocalStateException e) {
            task.checkpoints().damaged(e);
        }
        Optional<LocalStateException> damage = task.checkpoints().damage();
        if (damage.isPresent()) {
            partitions.restartFromStore(task, damage.get());
            return;
        }
        for (InputCursor cursor : task.cursors()) {
            consumer.seek(cursor.input(), cursor.position());
        }
    }

    /** The input was deleted while it was read. Starting the partition again finds out, and parks it with a way out. */
    private void restart(Collection<TopicPartition> gone, KafkaException cause) {
        rollBackReason = new RollBackException(cause.getMessage());
        startAgain = gone.stream()
                .map(input -> partitions.get(input.partition()))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        checkpoints.mark(startAgain);
    }

    private void finish() {
        try {
            if (rollBackReason == null) {
                checkpoints.last(partitions.all(), lastCheckpointLimit);
                checkpoints.close(partitions.all());
            }
        } catch (RollBackException e) {
            rollBackReason = e;
        }
        if (rollBackReason != null) {
            LOG.warnf("no last checkpoint: %s. The next start continues from the one before", describe(rollBackReason));
            checkpoints.abandonAtEnd();
            abortOutputs();
        }
    }

    /** A transaction left open would hold up the readers of the output until its time-out. */
    private void abortOutputs() {
        if (end.isCutOff()) {
            warnOfOpenTransaction("Kafka has not answered any client for some time");
            return;
        }
        try {
            outputs.rollBack();
        } catch (KafkaException | RollBackException e) {
            warnOfOpenTransaction(e.getMessage());
        }
    }

    private static void warnOfOpenTransaction(String cause) {
        LOG.warnf("a transaction of the output may stay open until the next start or its time-out: %s", cause);
    }

    private void close() {
        checkpoints.abandonAtEnd();
        partitions.close();
        consumer.close(CloseOptions.timeout(end.isCutOff() ? CUT_OFF_CLOSE_LIMIT : CLOSE_LIMIT)
                .withGroupMembershipOperation(
                        ending == Ending.LEAVE
                                ? GroupMembershipOperation.LEAVE_GROUP
                                : GroupMembershipOperation.DEFAULT));
        outputs.close();
    }

    private void closeAfterFailure(Throwable cause) {
        try {
            checkpoints.abandonAtEnd();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
        try {
            abortOutputs();
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
            if (!assigned.isEmpty()) {
                if (partitions.anyRunning(assigned)) {
                    // A topic was added to numbers that are running: they start again, with all of their topics.
                    lastCheckpoint();
                }
                partitions.takeOver(assigned);
            }
            // Not before others can see the partitions: a worker that has some to restore is not ready.
            joined = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            if (revoked.isEmpty() || state == State.FAILED) {
                return;
            }
            boolean ran = partitions.anyRunning(revoked);
            if (ran) {
                lastCheckpoint();
            }
            partitions.giveUp(revoked);
            if (state == State.RUNNING) {
                LOG.infof("gave up %s to other members of the group%s", PartitionRanges.of(revoked), howItEnded(ran));
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            // Offsets of a partition that was not owned without a break must never be sent, and the transaction is
            // shared.
            member.membership().lost();
            checkpoints.abandon();
            Map<TopicPartition, Long> reached = reached();
            reached.keySet().retainAll(lost);
            rollBacks.lost(reached);
            partitions.giveUp(lost);
            rollBackReason = gap.lost(lost);
        }

        private String howItEnded(boolean ran) {
            if (!ran) {
                return "";
            }
            return rollBackReason == null
                    ? " after a last checkpoint"
                    : " without a last checkpoint: they continue from the one before";
        }

        private void lastCheckpoint() {
            try {
                if (rollBackReason == null) {
                    checkpoints.last(partitions.all(), lastCheckpointLimit);
                }
            } catch (RollBackException e) {
                checkpoints.abandon();
                rollBackReason = e;
            }
        }
    }
}
