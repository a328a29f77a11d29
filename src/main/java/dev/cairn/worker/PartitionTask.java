package dev.cairn.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.checkpoint.CheckpointId;
import dev.cairn.checkpoint.FrozenPartition;
import dev.cairn.checkpoint.InputPosition;
import dev.cairn.checkpoint.PartitionCheckpoints;
import dev.cairn.state.KeySketch;
import dev.cairn.state.KeyedState;
import dev.cairn.state.LargeValue;
import dev.cairn.state.PartitionDatabase;

/**
 * One partition number of all input topics, in the hands of one loop. Used by the loop's thread; its state and what it is
 * waiting for may be read from others.
 */
final class PartitionTask {

    private final int partition;
    private final List<TopicPartition> inputs;
    private final Map<TopicPartition, InputCursor> cursors = new LinkedHashMap<>();
    private final boolean countsKeys;
    private final KeySketch keys = new KeySketch(System.nanoTime());
    private volatile PartitionState state = PartitionState.RESTORING;
    private volatile String parkedBecause = "";
    private volatile Instant since = Instant.now();
    private volatile RestoreProgress progress = new RestoreProgress();
    private volatile List<WorkerStatus.InputInfo> shownInputs = List.of();
    private volatile CheckpointReport.Part lastCheckpoint;
    private Future<?> restore;
    private int attempts;
    private boolean uncommitted;
    private StartedPartition.Opened opened;
    private volatile KeyedState keyedState;
    private volatile PartitionDatabase database;
    private RecordPipeline<?, ?, ?, ?> pipeline;
    private volatile PartitionCheckpoints checkpoints;
    private volatile OpenState open;
    private volatile boolean committing;

    /** @param countsKeys whether somebody wants to know which keys come most often */
    PartitionTask(int partition, List<TopicPartition> inputs, boolean countsKeys) {
        this.partition = partition;
        this.inputs = List.copyOf(inputs);
        this.countsKeys = countsKeys;
    }

    int partition() {
        return partition;
    }

    List<TopicPartition> inputs() {
        return inputs;
    }

    PartitionState state() {
        return state;
    }

    boolean isRunning() {
        return state == PartitionState.RUNNING;
    }

    String parkedBecause() {
        return parkedBecause;
    }

    /** Where it stands, as it was last shown. From any thread. */
    WorkerStatus.PartitionInfo info(int loop) {
        PartitionState now = state;
        return new WorkerStatus.PartitionInfo(
                partition,
                loop,
                now,
                since,
                parkedBecause,
                shownInputs,
                entriesOnHeap(),
                Optional.ofNullable(lastCheckpoint),
                now == PartitionState.RESTORING ? Optional.of(progress.info()) : Optional.empty());
    }

    /** Shows others where its inputs stand. */
    void show(List<WorkerStatus.InputInfo> now) {
        shownInputs = now;
    }

    /** Shows others what the last checkpoint was. */
    void show(CheckpointReport.Part committed) {
        lastCheckpoint = committed;
    }

    /** Of the attempt under way; a new one with each. */
    RestoreProgress beginProgress() {
        RestoreProgress begun = new RestoreProgress();
        progress = begun;
        return begun;
    }

    /** How long the attempt has taken so far. */
    Duration sinceRestoreBegan() {
        return Duration.between(progress.info().startedAt(), Instant.now());
    }

    PartitionCheckpoints checkpoints() {
        return checkpoints;
    }

    InputCursor cursor(TopicPartition input) {
        return cursors.get(input);
    }

    Iterable<InputCursor> cursors() {
        return cursors.values();
    }

    /** It will be tried to start it; a parked partition stays parked until that has succeeded. */
    void restoreBy(Future<?> attempt) {
        restore = attempt;
        attempts++;
    }

    /** How often it has been tried to start the partition. */
    int attempts() {
        return attempts;
    }

    void park(String cause) {
        become(PartitionState.PARKED);
        parkedBecause = cause;
    }

    void run(StartedPartition.Opened started, PartitionCheckpoints owned) {
        become(PartitionState.RUNNING);
        StartedPartition.Ready ready = started.ready();
        parkedBecause = "";
        attempts = 0;
        uncommitted = ready.uncommitted();
        opened = started;
        keyedState = started.state();
        database = ready.restored().database();
        pipeline = started.pipeline();
        checkpoints = owned;
        cursors.clear();
        for (TopicPartition input : inputs) {
            String topic = input.topic();
            cursors.put(
                    input,
                    new InputCursor(
                            input,
                            ready.partitionCounts().get(topic),
                            ready.positions().get(topic)));
        }
        open = OpenState.of(started);
    }

    void process(ConsumerRecord<byte[], byte[]> record) {
        pipeline.process(record);
        if (countsKeys) {
            keys.add(record.key());
        }
    }

    /** The keys of its records. */
    KeySketch keys() {
        return keys;
    }

    /** The largest values of each of its states, while it is running. */
    List<LargeValue> largestValues() {
        return keyedState.largestValues();
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
                .forEach(cursor -> positions.add(
                        new InputPosition(cursor.input().topic(), cursor.position(), cursor.partitionCount())));
        uncommitted = false;
        return new FrozenPartition(
                keyedState.freeze(), positions, keyedState.descriptors(), System.nanoTime() - started);
    }

    /** What the group is told of a checkpoint. */
    Map<TopicPartition, OffsetAndMetadata> offsets(List<InputPosition> positions, CheckpointId checkpoint) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach(position -> offsets.put(
                new TopicPartition(position.topic(), partition),
                new OffsetAndMetadata(position.offset(), checkpoint.toPointer())));
        return offsets;
    }

    /** The checkpoint is committed and in the database. */
    void committed(List<InputPosition> positions) {
        keyedState.releaseFrozen();
        positions.forEach(position ->
                cursors.get(new TopicPartition(position.topic(), partition)).committed(position.offset()));
    }

    /** Drops what is not committed; the loop seeks to the cursors' positions afterwards. */
    void rollBack() {
        pipeline.rollBack();
        keyedState.rollBack();
        cursors.values().forEach(cursor -> cursor.moveTo(cursor.committed()));
        // Where a new job began is not committed yet, and must be.
        uncommitted = checkpoints.committed().isEmpty();
        committing = false;
    }

    /** Its state, as long as it is running; {@code null} otherwise. From any thread. */
    OpenState open() {
        return open;
    }

    /** Whether it is running with this very state. From any thread. */
    @SuppressWarnings("ReferenceEquality") // A partition that is started again has another.
    boolean isOpen(OpenState state) {
        return open == state;
    }

    /** From any thread: the group may have a checkpoint now that the database has not. */
    boolean isCommitting() {
        return committing;
    }

    /** A checkpoint is about to be committed, or has been taken into the database. */
    void committing(boolean now) {
        committing = now;
    }

    private long entriesOnHeap() {
        KeyedState entries = keyedState;
        return isRunning() && entries != null ? entries.entriesOnHeap() : 0;
    }

    /** What its database says of itself, while it is running. From any thread. */
    Optional<WorkerFigures.Database> figures() {
        return Optional.ofNullable(database)
                .flatMap(PartitionDatabase::figures)
                .map(figures -> new WorkerFigures.Database(partition, figures));
    }

    /** Lets go of everything. No thread uses the database any more. */
    void close() {
        boolean ran = isRunning();
        open = null;
        become(PartitionState.CLOSED);
        if (restore != null) {
            restore.cancel(true);
        }
        if (ran) {
            release();
        }
    }

    /** Lets go of its database, to be started again. */
    void restart() {
        open = null;
        become(PartitionState.RESTORING);
        release();
    }

    private void release() {
        database = null;
        checkpoints.close();
        opened.close();
        checkpoints = null;
        committing = false;
    }

    private void become(PartitionState next) {
        if (!state.canBecome(next)) {
            throw new IllegalStateException("partition " + partition + " cannot become " + next + ": it is " + state);
        }
        state = next;
        since = Instant.now();
    }
}
