package dev.cairn.worker.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.write.FrozenPartition;
import dev.cairn.checkpoint.write.PartitionCheckpoints;
import dev.cairn.state.KeyedState;
import dev.cairn.state.LocalStateException;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.record.FiringTimers;
import dev.cairn.worker.record.RecordPipeline;
import dev.cairn.worker.record.RecordRetries;
import dev.cairn.worker.start.StartedPartition;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerStatus;

/**
 * A partition that is running: its state, its positions and its checkpoints. A partition that is started again becomes
 * another one. On the loop's thread, unless a method says otherwise.
 */
final class RunningPartition implements PartitionStage {

    /** As many as a loop processes records between two looks. */
    private static final int EXPIRED_AT_ONCE = 1_024;

    private static final int EXPIRED_IN_STEP = 64;
    private static final long EXPIRY_NANOS = Duration.ofMillis(5).toNanos();

    private final PartitionTask task;
    private final Instant since = Instant.now();
    private final StartedPartition.Opened opened;
    private final RecordPipeline pipeline;
    private final KeyedState keyedState;
    private final PartitionCheckpoints checkpoints;
    private final OpenState open;
    private final Map<TopicPartition, InputCursor> cursors = new LinkedHashMap<>();
    private MergedInputs merged;
    private boolean uncommitted;
    private boolean startIsOnRecord;
    private volatile boolean held;
    private volatile boolean committing;

    RunningPartition(PartitionTask task, StartedPartition.Opened opened, PartitionCheckpoints checkpoints) {
        this.task = task;
        this.opened = opened;
        this.pipeline = opened.pipeline();
        this.keyedState = opened.state();
        this.checkpoints = checkpoints;
        this.open = OpenState.of(opened);
        StartedPartition.Ready ready = opened.ready();
        this.uncommitted = ready.uncommitted();
        this.startIsOnRecord = !uncommitted;
        for (TopicPartition input : task.inputs()) {
            String topic = input.topic();
            cursors.put(
                    input,
                    new InputCursor(
                            input, ready.topics().get(topic), ready.positions().get(topic)));
        }
    }

    @Override
    public PartitionState state() {
        return PartitionState.RUNNING;
    }

    @Override
    public Instant since() {
        return since;
    }

    PartitionTask task() {
        return task;
    }

    int partition() {
        return task.partition();
    }

    List<TopicPartition> inputs() {
        return task.inputs();
    }

    StartedPartition.Opened opened() {
        return opened;
    }

    KeyedState keyedState() {
        return keyedState;
    }

    PartitionCheckpoints checkpoints() {
        return checkpoints;
    }

    Collection<InputCursor> cursors() {
        return cursors.values();
    }

    InputCursor cursor(TopicPartition input) {
        return cursors.get(input);
    }

    /** Whether the partition is still what this is. */
    boolean isCurrent() {
        return task.isStill(this);
    }

    /** What its inputs were when it was started, by topic. */
    Map<String, InputTopic> topics() {
        return opened.ready().topics();
    }

    /** Its records that wait for others, where there are several input topics; {@code null} until it has begun. */
    MergedInputs merged() {
        return merged;
    }

    void merge(MergedInputs inputs) {
        merged = inputs;
    }

    /** Whether its records may be processed: its database is not damaged, and no record waits to be tried again. */
    boolean isProcessing() {
        return !isDamaged() && !pipeline.retries().isWaiting();
    }

    /** Whether its database is damaged. */
    boolean isDamaged() {
        return checkpoints.damage().isPresent();
    }

    /** Which of its records is tried again, if there is one. */
    RecordRetries retries() {
        return pipeline.retries();
    }

    /** What is wrong with its database, while it is damaged. */
    LocalStateException damage() {
        return checkpoints.damage().orElseThrow();
    }

    /** Processes a record. @return whether it is done with; if not, the partition waits until it is tried again */
    boolean process(ConsumerRecord<byte[], byte[]> record) {
        if (!pipeline.process(record)) {
            dropFetched();
            return false;
        }
        task.count(record.key());
        return true;
    }

    /** Deletes what has expired of its state, a bounded number of values. Between records. */
    void deleteExpired() {
        if (isProcessing()) {
            try {
                long end = System.nanoTime() + EXPIRY_NANOS;
                for (int left = EXPIRED_AT_ONCE; left > 0; left -= EXPIRED_IN_STEP) {
                    if (!keyedState.expiring().deleteExpired(EXPIRED_IN_STEP) || System.nanoTime() - end >= 0) {
                        break;
                    }
                }
            } catch (LocalStateException e) {
                checkpoints.damaged(e);
            }
        }
    }

    /** What it keeps, for others. From any thread. */
    WorkerStatus.StateInfo stateInfo() {
        return new WorkerStatus.StateInfo(
                keyedState.entriesOnHeap(), Optional.ofNullable(timers()).map(FiringTimers::info));
    }

    /** What it fires between its records; {@code null} where its processor has no timers. */
    FiringTimers timers() {
        return pipeline.timers();
    }

    /**
     * Takes note of a damaged database: none of its records are processed any more, and no one reads it.
     *
     * @return whether that is new
     */
    boolean hold() {
        boolean before = held;
        held = true;
        return !before;
    }

    /** Whether a checkpoint would say anything new. */
    boolean hasMoved() {
        if (uncommitted) {
            return true;
        }
        for (InputCursor cursor : cursors.values()) {
            if (cursor.position() != cursor.committed()) {
                return true;
            }
        }
        return keyedState.hasChanges();
    }

    /** Ends the epoch: takes its changes and positions. */
    FrozenPartition freeze() {
        long started = System.nanoTime();
        List<InputPosition> positions = new ArrayList<>();
        cursors.values()
                .forEach(cursor -> positions.add(new InputPosition(
                        cursor.input().topic(),
                        cursor.position(),
                        cursor.topic().partitionCount(),
                        cursor.topic().id())));
        uncommitted = false;
        return new FrozenPartition(
                keyedState.freeze(),
                positions,
                keyedState.descriptors(),
                keyedState.time().freeze(),
                System.nanoTime() - started);
    }

    /** What the group is told of a checkpoint. */
    Map<TopicPartition, OffsetAndMetadata> offsets(List<InputPosition> positions, CheckpointId checkpoint) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach(position -> offsets.put(
                new TopicPartition(position.topic(), partition()),
                new OffsetAndMetadata(position.offset(), checkpoint.toPointer())));
        return offsets;
    }

    /** The checkpoint is committed and in the database. */
    void committed(List<InputPosition> positions) {
        keyedState.releaseFrozen();
        startIsOnRecord = true;
        positions.forEach(position ->
                cursors.get(new TopicPartition(position.topic(), partition())).committed(position.offset()));
    }

    /** Drops what is not committed; the loop seeks to the cursors' positions afterwards. */
    void rollBack() {
        pipeline.rollBack();
        keyedState.rollBack();
        cursors.values().forEach(cursor -> cursor.moveTo(cursor.committed()));
        dropFetched();
        // Where a new job began, or what was decided for an input, is not committed yet, and must be.
        uncommitted = !startIsOnRecord;
        committing = false;
    }

    /** Its state; {@code null} where no one may read it. From any thread. */
    OpenState open() {
        return held ? null : open;
    }

    /** Whether the group may have a checkpoint that the database has not. From any thread. */
    boolean isCommitting() {
        return committing;
    }

    /** A checkpoint is about to be committed, or has been ingested into the database. From any thread. */
    void committing(boolean now) {
        committing = now;
    }

    @Override
    public void end() {
        letGo();
        opened.ready().restored().close();
    }

    /** Lets go of everything but the database, which the caller closes, on any thread. */
    void letGo() {
        dropFetched();
        checkpoints.close();
        opened.closeState();
    }

    /** Drops the records that wait for others: the consumer continues at the cursors. */
    void dropFetched() {
        if (merged != null) {
            merged.restart();
        }
    }
}
