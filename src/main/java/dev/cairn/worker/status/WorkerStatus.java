package dev.cairn.worker.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

import dev.cairn.checkpoint.local.Restored;
import dev.cairn.storage.StoreStatus;

/**
 * What a worker is doing: a picture of one moment, whose parts may be a moment apart.
 *
 * @param job the job
 * @param instance the worker's name in it
 * @param version of Cairn
 * @param startedAt when it was started
 * @param state where it stands
 * @param paused whether somebody has paused it
 * @param loops its loops
 * @param partitions its partitions
 * @param records processed since the start
 * @param lag records behind the end of the inputs; empty while that of a partition is not known
 * @param checkpoints completed since the start
 * @param failedCheckpoints failed or given up since the start
 * @param rollBacks since the start
 * @param lastCheckpoint what the last one was, if there has been one
 * @param sinceBrokerContact how long ago Kafka last answered one of its clients
 * @param store what the last requests to the store say of it
 * @param uncovered partitions of the inputs that no member of the group has, and for how long; empty while that is not known
 * @param judgement how it is doing
 */
public record WorkerStatus(
        String job,
        String instance,
        String version,
        Instant startedAt,
        WorkerState state,
        boolean paused,
        List<LoopInfo> loops,
        List<PartitionInfo> partitions,
        long records,
        OptionalLong lag,
        long checkpoints,
        long failedCheckpoints,
        long rollBacks,
        Optional<CheckpointInfo> lastCheckpoint,
        Duration sinceBrokerContact,
        StoreStatus store,
        Optional<Map<String, Duration>> uncovered,
        Judgement judgement) {

    /**
     * A loop.
     *
     * @param number counted from 0
     * @param name its thread
     * @param state STARTING, RUNNING, STOPPING, STOPPED or FAILED
     * @param joined whether the group has given it an assignment
     * @param sinceLastTurn how long ago it last went round
     * @param sinceLastCheckpoint how long there has been something that no checkpoint holds
     * @param stalled whether it waits for a checkpoint, because its memory is full or {@code state.backend.async} is off
     * @param records processed since the start
     * @param pollTime spent waiting for records and talking to the group, since the start
     * @param processTime spent processing, since the start
     * @param checkpoints completed since the start; so many epochs have ended
     * @param failedCheckpoints failed or given up since the start
     * @param checkpointsInFlight none or one
     * @param rollBacks since the start
     * @param waiting how long it has been stalled; zero while it is not
     * @param rollBacksWithoutProgress roll backs since it last completed a checkpoint
     * @param rollingBack how long ago the first of these was; zero without any
     * @param sinceBrokerContact how long ago Kafka last answered its consumer
     */
    public record LoopInfo(
            int number,
            String name,
            String state,
            boolean joined,
            Duration sinceLastTurn,
            Duration sinceLastCheckpoint,
            boolean stalled,
            long records,
            Duration pollTime,
            Duration processTime,
            long checkpoints,
            long failedCheckpoints,
            long checkpointsInFlight,
            long rollBacks,
            Duration waiting,
            int rollBacksWithoutProgress,
            Duration rollingBack,
            Duration sinceBrokerContact) {}

    /**
     * A partition.
     *
     * @param number the partition, of every input topic
     * @param loop the loop that has it
     * @param state where it stands
     * @param since since when
     * @param parkedBecause why it is parked, and the way out; empty otherwise
     * @param inputs where its inputs stood a second ago; empty before it runs
     * @param entriesOnHeap entries of its state that are on the heap
     * @param lastCheckpoint its last one since it was assigned
     * @param restored what it was last started from; empty before it runs, and where there was nothing to restore
     * @param restore how far it has been restored, while it is
     */
    public record PartitionInfo(
            int number,
            int loop,
            PartitionState state,
            Instant since,
            String parkedBecause,
            List<InputInfo> inputs,
            long entriesOnHeap,
            Optional<CheckpointReport.Part> lastCheckpoint,
            Optional<RestoredInfo> restored,
            Optional<RestoreInfo> restore) {

        /** Records behind the end of its inputs; empty while that is not known. */
        public OptionalLong lag() {
            return inputs.isEmpty() ? OptionalLong.empty() : sum(inputs.stream().map(InputInfo::lag));
        }
    }

    /**
     * A partition of one input topic.
     *
     * @param topic the topic
     * @param position the next offset to process
     * @param committed the next offset after the last checkpoint
     * @param lag records behind its end; empty while that is not known
     */
    public record InputInfo(String topic, long position, long committed, OptionalLong lag) {

        public InputInfo withUnknownLag() {
            return new InputInfo(topic, position, committed, OptionalLong.empty());
        }
    }

    /**
     * What a partition was started from.
     *
     * @param number of the checkpoint
     * @param source where its state came from
     * @param at when
     */
    public record RestoredInfo(long number, Restored.Source source, Instant at) {}

    /**
     * A restore under way.
     *
     * @param bytesDone fetched so far
     * @param bytesTotal to be fetched, as far as it is known
     * @param startedAt when the attempt began
     */
    public record RestoreInfo(long bytesDone, long bytesTotal, Instant startedAt) {}

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

    /** Of lags; empty where one of them is. */
    public static OptionalLong sum(Stream<OptionalLong> lags) {
        return lags.reduce(
                OptionalLong.of(0),
                (one, other) -> one.isPresent() && other.isPresent()
                        ? OptionalLong.of(one.getAsLong() + other.getAsLong())
                        : OptionalLong.empty());
    }
}
