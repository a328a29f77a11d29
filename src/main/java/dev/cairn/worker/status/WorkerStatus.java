package dev.cairn.worker.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import dev.cairn.checkpoint.local.Restored;
import dev.cairn.storage.StoreStatus;

/**
 * What a worker is doing: a picture of one moment, whose parts may be a moment apart. REST, health, metrics and the status
 * line read it; its {@link #judgement} is made of nothing else. Immutable.
 *
 * @param identity which worker this is
 * @param state where it stands
 * @param paused whether someone has paused it
 * @param loops its loops
 * @param partitions its partitions
 * @param surroundings what it knows of what it depends on
 */
public record WorkerStatus(
        Identity identity,
        WorkerState state,
        boolean paused,
        List<LoopInfo> loops,
        List<PartitionInfo> partitions,
        Surroundings surroundings) {

    public WorkerStatus {
        loops = List.copyOf(loops);
        partitions = List.copyOf(partitions);
    }

    /**
     * Which worker this is.
     *
     * @param job the job
     * @param instance the worker's name in it
     * @param version of Cairn
     * @param startedAt when it was started
     */
    public record Identity(String job, String instance, String version, Instant startedAt) {}

    /**
     * What a worker knows of what it depends on.
     *
     * @param sinceBrokerContact how long ago Kafka last answered one of its clients
     * @param store what the last requests to the store say of it
     * @param missing the inputs that do not exist any more
     * @param uncovered partitions of the inputs that no member of the group has, and for how long; empty while that is not
     *     known
     * @param checkpointLimit how old the oldest change without a checkpoint may be
     */
    public record Surroundings(
            Duration sinceBrokerContact,
            StoreStatus store,
            MissingInputs missing,
            Optional<Map<String, Duration>> uncovered,
            Duration checkpointLimit) {}

    /**
     * A partition.
     *
     * @param number the partition, of every input topic
     * @param loop the loop that has it
     * @param standing where it stands
     * @param inputs where its inputs stood a second ago; empty before it runs
     * @param stateInfo what it keeps
     * @param lastCheckpoint its last one since it was assigned
     * @param restored what it was last started from; empty before it runs, and where there was nothing to restore
     * @param restore how far it has been restored, while it is
     */
    public record PartitionInfo(
            int number,
            int loop,
            Standing standing,
            List<InputInfo> inputs,
            StateInfo stateInfo,
            Optional<CheckpointReport.Part> lastCheckpoint,
            Optional<RestoredInfo> restored,
            Optional<RestoreInfo> restore) {

        /** One of which no more is known than where it stands. */
        public static PartitionInfo of(int number, Standing standing) {
            return new PartitionInfo(
                    number,
                    0,
                    standing,
                    List.of(),
                    StateInfo.NONE,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        public PartitionState state() {
            return standing.state();
        }

        /** Entries of its state that are on the heap. */
        public long entriesOnHeap() {
            return stateInfo.entriesOnHeap();
        }

        /** What time it is for it, where its processor has timers. */
        public Optional<TimeInfo> time() {
            return stateInfo.time();
        }

        /** Why it is parked, and the way out; empty otherwise. */
        public String parkedBecause() {
            return standing.parkedBecause();
        }

        /** Which record it tries again, if there is one. */
        public Optional<RetryInfo> retry() {
            return standing.retry();
        }

        /** Records behind the end of its inputs; empty while that is not known. */
        public OptionalLong lag() {
            return inputs.isEmpty() ? OptionalLong.empty() : sum(inputs.stream().map(InputInfo::lag));
        }
    }

    /**
     * What a partition keeps.
     *
     * @param entriesOnHeap entries of its state that are on the heap
     * @param time what time it is for it, where its processor has timers
     */
    public record StateInfo(long entriesOnHeap, Optional<TimeInfo> time) {

        /** Of one that is not running. */
        public static final StateInfo NONE = new StateInfo(0, Optional.empty());
    }

    /**
     * What time it is for a partition.
     *
     * @param watermark the event time that it has reached; empty before its first record
     * @param timers how many timers are set
     */
    public record TimeInfo(Optional<Instant> watermark, long timers) {}

    /**
     * Where a partition stands.
     *
     * @param since since when
     * @param parkedBecause why it is parked, and the way out; empty otherwise
     * @param retry which record it tries again, if there is one
     */
    public record Standing(PartitionState state, Instant since, String parkedBecause, Optional<RetryInfo> retry) {

        /** One that tries no record again. */
        public Standing(PartitionState state, Instant since, String parkedBecause) {
            this(state, since, parkedBecause, Optional.empty());
        }
    }

    /**
     * A record that failed and is tried again. Its partition waits meanwhile.
     *
     * @param record as {@code topic-partition@offset}
     * @param stage where it fails
     * @param cause why, without anything of the record
     * @param failures how often it has failed
     * @param lasting how long ago it failed for the first time
     * @param nextAt when it is tried again
     */
    public record RetryInfo(
            String record, String stage, String cause, int failures, Duration lasting, Instant nextAt) {}

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

    /** How it is doing, judged anew by each call. */
    public Judgement judgement() {
        return WorkerJudge.judge(this);
    }

    /** How long ago Kafka last answered one of its clients. */
    public Duration sinceBrokerContact() {
        return surroundings.sinceBrokerContact();
    }

    /** What the last requests to the store say of it. */
    public StoreStatus store() {
        return surroundings.store();
    }

    /** Records processed since the start. */
    public long records() {
        return sum(loop -> loop.work().records());
    }

    /** Checkpoints completed since the start. */
    public long checkpoints() {
        return sum(loop -> loop.checkpoints().completed());
    }

    /** Checkpoints that failed or were given up since the start. */
    public long failedCheckpoints() {
        return sum(loop -> loop.checkpoints().failed());
    }

    /** Checkpoints under way. */
    public long checkpointsInFlight() {
        return sum(loop -> loop.checkpoints().inFlight());
    }

    /** Roll backs since the start. */
    public long rollBacks() {
        return sum(loop -> loop.rollBacks().count());
    }

    private long sum(ToLongFunction<LoopInfo> figure) {
        return loops.stream().mapToLong(figure).sum();
    }

    /** The part of the reads of state that the heap answered, from 0 to 1; 1 where there were none. */
    public double stateCacheHitRatio() {
        long reads = sum(loop -> loop.work().stateReads());
        return reads == 0 ? 1 : 1 - (double) sum(loop -> loop.work().stateMisses()) / reads;
    }

    /** How many of its partitions are in a state. */
    public long partitions(PartitionState wanted) {
        return partitions.stream()
                .filter(partition -> partition.state() == wanted)
                .count();
    }

    /** Records behind the end of the inputs; empty while that of a partition is not known. */
    public OptionalLong lag() {
        return surroundings.missing().topics().isEmpty()
                ? sum(partitions.stream().map(PartitionInfo::lag))
                : OptionalLong.empty();
    }

    /** What the last checkpoint was, if there has been one. */
    public Optional<CheckpointInfo> lastCheckpoint() {
        List<CheckpointReport> reports = loops.stream()
                .flatMap(loop -> loop.checkpoints().last().stream())
                .toList();
        List<CheckpointReport.Part> parts = partitions.stream()
                .flatMap(partition -> partition.lastCheckpoint().stream())
                .toList();
        return reports.isEmpty() || parts.isEmpty()
                ? Optional.empty()
                : Optional.of(new CheckpointInfo(
                        parts.stream()
                                .mapToLong(CheckpointReport.Part::number)
                                .max()
                                .orElseThrow(),
                        parts.size(),
                        parts.stream()
                                .mapToLong(CheckpointReport.Part::deltaBytes)
                                .sum(),
                        parts.stream()
                                .mapToLong(CheckpointReport.Part::fullBytes)
                                .sum(),
                        longest(reports, CheckpointReport::freeze),
                        longest(reports, CheckpointReport::duration)));
    }

    private static Duration longest(List<CheckpointReport> reports, Function<CheckpointReport, Duration> duration) {
        return reports.stream().map(duration).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Of lags; empty where one of them is. */
    private static OptionalLong sum(Stream<OptionalLong> lags) {
        return lags.reduce(
                OptionalLong.of(0),
                (one, other) -> one.isPresent() && other.isPresent()
                        ? OptionalLong.of(one.getAsLong() + other.getAsLong())
                        : OptionalLong.empty());
    }
}
