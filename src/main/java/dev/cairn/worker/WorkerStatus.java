package dev.cairn.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.cairn.checkpoint.CheckpointMetadata;

/**
 * What a worker is doing: a picture of one moment, whose parts may be a moment apart.
 *
 * @param state where it stands
 * @param loops its loops
 * @param partitions its partitions
 * @param records processed since the start
 * @param lag records behind the end of the inputs
 * @param checkpoints completed since the start
 * @param failedCheckpoints failed since the start
 * @param rollBacks since the start
 * @param lastCheckpoint what the last one was, if there has been one
 */
public record WorkerStatus(
        WorkerState state,
        List<LoopInfo> loops,
        List<PartitionInfo> partitions,
        long records,
        long lag,
        long checkpoints,
        long failedCheckpoints,
        long rollBacks,
        Optional<CheckpointInfo> lastCheckpoint) {

    /**
     * A loop.
     *
     * @param name its thread
     * @param state STARTING, RUNNING, STOPPING, STOPPED or FAILED
     * @param joined whether the group has given it an assignment
     * @param sinceLastTurn how long ago it last went round
     * @param sinceLastCheckpoint how long there has been something that no checkpoint holds
     * @param stalled whether it waits for a checkpoint, because its memory is full or {@code state.backend.async} is off
     */
    public record LoopInfo(
            String name,
            String state,
            boolean joined,
            Duration sinceLastTurn,
            Duration sinceLastCheckpoint,
            boolean stalled) {}

    /**
     * A partition.
     *
     * @param number the partition, of every input topic
     * @param state where it stands
     * @param parkedBecause why it is parked, and the way out; empty otherwise
     */
    public record PartitionInfo(int number, PartitionState state, String parkedBecause) {}

    /**
     * The last completed checkpoint, summed over the partitions.
     *
     * @param number the highest number of a partition
     * @param partitions how many took part since the start
     * @param deltaBytes what had changed
     * @param fullBytes what a restore takes
     * @param freeze how long the loop was held up
     * @param duration from the freeze until the databases had it
     */
    public record CheckpointInfo(
            long number, int partitions, long deltaBytes, long fullBytes, Duration freeze, Duration duration) {}

    static WorkerStatus of(WorkerState state, List<Loop> workers) {
        List<LoopInfo> loops = new ArrayList<>();
        List<PartitionInfo> partitions = new ArrayList<>();
        List<CheckpointMetadata> checkpoints = new ArrayList<>();
        Duration freeze = Duration.ZERO;
        Duration duration = Duration.ZERO;
        long records = 0;
        long lag = 0;
        long completed = 0;
        long failed = 0;
        long rollBacks = 0;
        for (Loop loop : workers) {
            LoopStatus status = loop.status();
            loops.add(new LoopInfo(
                    "cairn-loop-" + loop.number(),
                    loop.state().name(),
                    loop.hasJoined(),
                    status.sinceLastTurn(),
                    status.sinceLastCheckpoint(),
                    status.isStalled()));
            for (PartitionTask task : status.tasks()) {
                partitions.add(new PartitionInfo(task.partition(), task.state(), task.parkedBecause()));
            }
            checkpoints.addAll(status.lastCheckpoints().values());
            freeze = longer(freeze, status.lastFreeze());
            duration = longer(duration, status.lastDuration());
            records += status.records();
            lag += status.lag();
            completed += status.completed();
            failed += status.failed();
            rollBacks += status.rollBacks();
        }
        return new WorkerStatus(
                state,
                loops,
                partitions,
                records,
                lag,
                completed,
                failed,
                rollBacks,
                summary(checkpoints, freeze, duration));
    }

    private static Optional<CheckpointInfo> summary(
            List<CheckpointMetadata> checkpoints, Duration freeze, Duration duration) {
        if (checkpoints.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new CheckpointInfo(
                checkpoints.stream().mapToLong(CheckpointMetadata::number).max().orElseThrow(),
                checkpoints.size(),
                checkpoints.stream().mapToLong(CheckpointMetadata::deltaBytes).sum(),
                checkpoints.stream().mapToLong(CheckpointMetadata::fullBytes).sum(),
                freeze,
                duration));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
