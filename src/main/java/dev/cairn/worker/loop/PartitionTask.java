package dev.cairn.worker.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.apache.kafka.common.TopicPartition;

import dev.cairn.checkpoint.write.PartitionCheckpoints;
import dev.cairn.state.KeySketch;
import dev.cairn.worker.start.StartedPartition;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerFigures;
import dev.cairn.worker.status.WorkerStatus;

/**
 * One partition number of all input topics, assigned to one loop: where it stands, and what outlasts that. The loop's thread
 * changes it; the public methods may be called from any.
 */
public final class PartitionTask {

    /** Damage that comes after so long has nothing to do with the damage before. */
    private static final Duration CALM = Duration.ofMinutes(10);

    private final int partition;
    private final List<TopicPartition> inputs;
    private final boolean countsKeys;
    private final KeySketch keys = new KeySketch(System.nanoTime());
    private volatile PartitionStage stage = new PartitionStage.Restoring(Instant.now(), new StartAttempts());
    private volatile List<WorkerStatus.InputInfo> shownInputs = List.of();
    private volatile Optional<CheckpointReport.Part> lastCheckpoint = Optional.empty();
    private volatile Optional<WorkerStatus.RestoredInfo> restored = Optional.empty();
    private int damages;
    private long damagedNanos;

    /** @param countsKeys whether someone wants to know which keys come most often */
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
        return stage.state();
    }

    public boolean isRunning() {
        return stage instanceof RunningPartition;
    }

    /** What it is while it is running; {@code null} otherwise. */
    RunningPartition running() {
        return stage instanceof RunningPartition running ? running : null;
    }

    @SuppressWarnings("ReferenceEquality") // A partition that is started again is another one.
    boolean isStill(RunningPartition running) {
        return stage == running;
    }

    /** The attempts to start it, while it is not running. */
    StartAttempts attempts() {
        return ((PartitionStage.Starting) stage).attempts();
    }

    /** Its state, as long as it is running and may be read; {@code null} otherwise. */
    public OpenState open() {
        return stage instanceof RunningPartition running ? running.open() : null;
    }

    /** Whether it is running with this very state. */
    @SuppressWarnings("ReferenceEquality") // A partition that is started again has another.
    public boolean isOpen(OpenState state) {
        return open() == state;
    }

    /** Whether the group may have a checkpoint now that the database has not. */
    public boolean isCommitting() {
        return stage instanceof RunningPartition running && running.isCommitting();
    }

    /** Where it stands, as it was last shown. */
    public WorkerStatus.PartitionInfo info(int loop, boolean lagIsKnown) {
        PartitionStage now = stage;
        List<WorkerStatus.InputInfo> shown = shownInputs;
        return new WorkerStatus.PartitionInfo(
                partition,
                loop,
                new WorkerStatus.Standing(
                        now.state(),
                        now.since(),
                        now instanceof PartitionStage.Parked parked ? parked.cause() : "",
                        now instanceof RunningPartition running
                                ? running.retries().info()
                                : Optional.empty()),
                now instanceof RunningPartition && lagIsKnown
                        ? shown
                        : shown.stream()
                                .map(WorkerStatus.InputInfo::withUnknownLag)
                                .toList(),
                now instanceof RunningPartition running ? running.stateInfo() : WorkerStatus.StateInfo.NONE,
                lastCheckpoint,
                restored,
                now instanceof PartitionStage.Restoring restoring
                        ? Optional.of(restoring.attempts().progress().info())
                        : Optional.empty());
    }

    /** What its database says of itself, while it is running. */
    public Optional<WorkerFigures.Database> figures() {
        return Optional.ofNullable(running())
                .flatMap(running ->
                        running.opened().ready().restored().database().figures())
                .map(figures -> new WorkerFigures.Database(partition, figures));
    }

    /** Shows others where its inputs stand. */
    void show(List<WorkerStatus.InputInfo> now) {
        shownInputs = now;
    }

    /** Shows others what the last checkpoint was. */
    void show(CheckpointReport.Part committed) {
        lastCheckpoint = Optional.of(committed);
    }

    /** Counts a record of this key. */
    void count(byte[] key) {
        if (countsKeys) {
            keys.add(key);
        }
    }

    /** The keys of its records. */
    KeySketch keys() {
        return keys;
    }

    /** How often it was restored because of damage, this time included, without a long time in between. */
    int damaged() {
        long now = System.nanoTime();
        damages = damages > 0 && now - damagedNanos < CALM.toNanos() ? damages + 1 : 1;
        damagedNanos = now;
        return damages;
    }

    /** Parks it, or keeps it parked. @return whether the cause is a new one */
    boolean park(String cause) {
        boolean known =
                stage instanceof PartitionStage.Parked parked && parked.cause().equals(cause);
        become(new PartitionStage.Parked(Instant.now(), attempts(), cause));
        return !known;
    }

    RunningPartition run(StartedPartition.Opened opened, PartitionCheckpoints checkpoints) {
        RunningPartition running = new RunningPartition(this, opened, checkpoints);
        restored = opened.ready()
                .restored()
                .content()
                .map(content -> new WorkerStatus.RestoredInfo(
                        content.number(), opened.ready().restored().source(), running.since()));
        shownInputs = List.of();
        become(running);
        return running;
    }

    /** It must be started again. @return what it was, for the caller to let go of */
    RunningPartition detach() {
        RunningPartition before = running();
        become(new PartitionStage.Restoring(Instant.now(), new StartAttempts()));
        return before;
    }

    /** Lets go of everything. No thread uses the database any more. */
    void close() {
        PartitionStage before = stage;
        become(new PartitionStage.Closed(Instant.now()));
        before.end();
    }

    private void become(PartitionStage next) {
        if (!state().canBecome(next.state())) {
            throw new IllegalStateException(
                    "partition " + partition + " cannot become " + next.state() + ": it is " + state());
        }
        stage = next;
    }
}
