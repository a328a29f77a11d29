package dev.cairn.worker.loop;

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

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.write.FrozenPartition;
import dev.cairn.checkpoint.write.PartitionCheckpoints;
import dev.cairn.state.KeySketch;
import dev.cairn.state.KeyedState;
import dev.cairn.state.LargeValue;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.record.RecordPipeline;
import dev.cairn.worker.start.StartedPartition;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerFigures;
import dev.cairn.worker.status.WorkerStatus;

/**
 * One partition number of all input topics, in the hands of one loop. Used by the loop's thread; its state and what it is
 * waiting for may be read from others.
 */
public final class PartitionTask {

    /** Damage that comes after so long has nothing to do with the damage before. */
    private static final Duration CALM = Duration.ofMinutes(10);

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
    private volatile WorkerStatus.RestoredInfo restored;
    private Future<?> restore;
    private int attempts;
    private boolean uncommitted;
    private boolean startIsOnRecord;
    private StartedPartition.Opened opened;
    private volatile KeyedState keyedState;
    private volatile PartitionDatabase database;
    private RecordPipeline<?, ?, ?, ?> pipeline;
    private MergedInputs merged;
    private volatile PartitionCheckpoints checkpoints;
    private volatile OpenState open;
    private volatile boolean committing;
    private boolean held;
    private int damages;
    private long damagedNanos;

    /** @param countsKeys whether somebody wants to know which keys come most often */
    PartitionTask(int partition, List<TopicPartition> inputs, boolean countsKeys) {
        this.partition = partition;
        this.inputs = List.copyOf(inputs);
        this.countsKeys = countsKeys;
    }

    public int partition() {
        return partition;
    }

    List<TopicPartition> inputs() {
        return inputs;
    }

    public PartitionState state() {
        return state;
    }

    public boolean isRunning() {
        return state == PartitionState.RUNNING;
    }

    /** Whether its records are to be processed: it is running, and its database is not damaged. */
    boolean isProcessing() {
        return isRunning() && checkpoints.damage().isEmpty();
    }

    /**
     * Takes note of a damaged database: none of its records are processed any more, and no one reads it.
     *
     * @return whether that is new
     */
    boolean hold() {
        boolean before = held;
        held = true;
        open = null;
        return !before;
    }

    /** How often it was restored because of damage, this time included, without a long time in between. */
    int damaged() {
        long now = System.nanoTime();
        damages = damages > 0 && now - damagedNanos < CALM.toNanos() ? damages + 1 : 1;
        damagedNanos = now;
        return damages;
    }

    String parkedBecause() {
        return parkedBecause;
    }

    /** Where it stands, as it was last shown. From any thread. */
    public WorkerStatus.PartitionInfo info(int loop, boolean lagIsKnown) {
        PartitionState now = state;
        return new WorkerStatus.PartitionInfo(
                partition,
                loop,
                new WorkerStatus.Standing(now, since, parkedBecause),
                shownInputs(now, lagIsKnown),
                entriesOnHeap(),
                Optional.ofNullable(lastCheckpoint),
                Optional.ofNullable(restored),
                now == PartitionState.RESTORING ? Optional.of(progress.info()) : Optional.empty());
    }

    private List<WorkerStatus.InputInfo> shownInputs(PartitionState now, boolean lagIsKnown) {
        return now == PartitionState.RUNNING && lagIsKnown
                ? shownInputs
                : shownInputs.stream()
                        .map(WorkerStatus.InputInfo::withUnknownLag)
                        .toList();
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

    /** What its inputs were when it was started, by topic. */
    Map<String, InputTopic> topics() {
        Map<String, InputTopic> topics = new HashMap<>();
        cursors.values().forEach(cursor -> topics.put(cursor.input().topic(), cursor.topic()));
        return topics;
    }

    InputCursor cursor(TopicPartition input) {
        return cursors.get(input);
    }

    /** Its records that wait for others, where there are several input topics; {@code null} until it has begun. */
    MergedInputs merged() {
        return merged;
    }

    void merge(MergedInputs inputs) {
        merged = inputs;
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
        restored = restored(ready.restored());
        parkedBecause = "";
        shownInputs = List.of();
        attempts = 0;
        uncommitted = ready.uncommitted();
        startIsOnRecord = !uncommitted;
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
                            input, ready.topics().get(topic), ready.positions().get(topic)));
        }
        open = OpenState.of(started);
    }

    private static WorkerStatus.RestoredInfo restored(Restored from) {
        return from.content()
                .map(checkpoint -> new WorkerStatus.RestoredInfo(checkpoint.number(), from.source(), Instant.now()))
                .orElse(null);
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
                .forEach(cursor -> positions.add(new InputPosition(
                        cursor.input().topic(),
                        cursor.position(),
                        cursor.topic().partitionCount(),
                        cursor.topic().id())));
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
        startIsOnRecord = true;
        positions.forEach(position ->
                cursors.get(new TopicPartition(position.topic(), partition)).committed(position.offset()));
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

    /** Its state, as long as it is running; {@code null} otherwise. From any thread. */
    public OpenState open() {
        return open;
    }

    /** Whether it is running with this very state. From any thread. */
    @SuppressWarnings("ReferenceEquality") // A partition that is started again has another.
    public boolean isOpen(OpenState state) {
        return open == state;
    }

    /** From any thread: the group may have a checkpoint now that the database has not. */
    public boolean isCommitting() {
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
    public Optional<WorkerFigures.Database> figures() {
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
        detach().close();
    }

    /** As {@link #restart}, but the database is still to be closed by the caller, on any thread. */
    Restored detach() {
        open = null;
        become(PartitionState.RESTORING);
        return letGo();
    }

    private void dropFetched() {
        if (merged != null) {
            merged.restart();
        }
    }

    private void release() {
        letGo().close();
    }

    private Restored letGo() {
        dropFetched();
        merged = null;
        database = null;
        checkpoints.close();
        opened.closeState();
        checkpoints = null;
        committing = false;
        held = false;
        return opened.ready().restored();
    }

    private void become(PartitionState next) {
        if (!state.canBecome(next)) {
            throw new IllegalStateException("partition " + partition + " cannot become " + next + ": it is " + state);
        }
        state = next;
        since = Instant.now();
    }
}
