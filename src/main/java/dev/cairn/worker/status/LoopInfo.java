package dev.cairn.worker.status;

import java.time.Duration;
import java.util.Optional;

/**
 * A loop: a part of the {@link WorkerStatus}. Immutable.
 *
 * @param number counted from 0
 * @param state STARTING, RUNNING, STOPPING, STOPPED or FAILED
 * @param joined whether the group has given it an assignment
 * @param times how long ago it did what
 * @param work what it has processed since the start
 * @param checkpoints since the start
 * @param rollBacks since the start
 * @param transactions of the output, since the start
 */
public record LoopInfo(
        int number,
        String state,
        boolean joined,
        Times times,
        Work work,
        Checkpoints checkpoints,
        RollBacks rollBacks,
        Transactions transactions) {

    /** Its thread. */
    public String name() {
        return "cairn-loop-" + number;
    }

    /** Whether it waits for a checkpoint, because its memory is full or {@code state.backend.async} is off. */
    public boolean stalled() {
        return !times.waiting().isZero();
    }

    /**
     * How long ago a loop did what.
     *
     * @param turn since it last went round
     * @param uncommitted since when there has been something that no checkpoint holds; zero while there is nothing
     * @param waiting since it began to wait for a checkpoint; zero while it does not
     * @param brokerContact since Kafka last answered its consumer
     */
    public record Times(Duration turn, Duration uncommitted, Duration waiting, Duration brokerContact) {}

    /**
     * What a loop has processed. How often state was read is of a second ago.
     *
     * @param records processed
     * @param skipped records that were left out
     * @param deadLetters records that were put aside
     * @param retries how often a record was tried again
     * @param pollTime spent waiting for records and talking to the group
     * @param processTime spent processing
     * @param stateReads how often a key's value was asked for, once per record and state
     * @param stateMisses how often RocksDB had to be asked for it
     */
    public record Work(
            long records,
            long skipped,
            long deadLetters,
            long retries,
            Duration pollTime,
            Duration processTime,
            long stateReads,
            long stateMisses) {}

    /**
     * The checkpoints of a loop.
     *
     * @param completed so many
     * @param failed or given up
     * @param inFlight none or one
     * @param last the last one that was completed
     */
    public record Checkpoints(long completed, long failed, long inFlight, Optional<CheckpointReport> last) {

        /** Epochs that have ended. */
        public long epochs() {
            return completed + failed + inFlight;
        }
    }

    /**
     * How often a loop went back to its last checkpoint.
     *
     * @param count in all
     * @param withoutProgress since it last completed a checkpoint
     * @param lasting how long ago the first of these was; zero without any
     */
    public record RollBacks(long count, int withoutProgress, Duration lasting) {}

    /**
     * Transactions of the output.
     *
     * @param unknown the broker did not say how they ended; the group was asked
     */
    public record Transactions(long committed, long aborted, long unknown) {}
}
