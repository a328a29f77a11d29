package dev.cairn.worker.loop;

import java.time.Instant;

import dev.cairn.worker.status.PartitionState;

/**
 * Where a partition of a loop stands, with what exists only while it stands there. {@link PartitionState} draws the
 * transitions.
 */
sealed interface PartitionStage permits PartitionStage.Starting, RunningPartition, PartitionStage.Closed {

    /** The same, for others. From any thread. */
    PartitionState state();

    /** When it came to stand here. From any thread. */
    Instant since();

    /** Lets go of what exists here. On the loop's thread. */
    void end();

    /** The partition is not running yet, or not again. */
    sealed interface Starting extends PartitionStage permits Restoring, Parked {

        StartAttempts attempts();

        @Override
        default void end() {
            attempts().cancel();
        }
    }

    /** Its state is being restored; its inputs are paused. */
    record Restoring(Instant since, StartAttempts attempts) implements Starting {

        @Override
        public PartitionState state() {
            return PartitionState.RESTORING;
        }
    }

    /**
     * It waits for a person, and perhaps for another attempt.
     *
     * @param cause with the way out
     */
    record Parked(Instant since, StartAttempts attempts, String cause) implements Starting {

        @Override
        public PartitionState state() {
            return PartitionState.PARKED;
        }
    }

    /** The loop has nothing to do with it any more. */
    record Closed(Instant since) implements PartitionStage {

        @Override
        public PartitionState state() {
            return PartitionState.CLOSED;
        }

        @Override
        public void end() {
            // Nothing exists any more.
        }
    }
}
