package dev.cairn.worker.start;

import java.util.Map;
import java.util.Optional;

import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.write.Claim;
import dev.cairn.state.KeyedState;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.record.RecordPipeline;

/** How an attempt to start a partition ended. */
public sealed interface StartedPartition {

    /**
     * It can continue.
     *
     * @param restored its state
     * @param positions the next offset of every input topic
     * @param topics what every input topic is
     * @param claim what the job owns of where the partition was started from
     * @param uncommitted whether its start must be committed even if no record comes
     */
    record Ready(
            Restored restored,
            Map<String, Long> positions,
            Map<String, InputTopic> topics,
            Optional<Claim> claim,
            boolean uncommitted)
            implements StartedPartition {}

    /**
     * It can continue, and its processor has declared what it needs.
     *
     * @param ready what was restored
     * @param state over the restored database
     * @param pipeline over the state
     */
    record Opened(Ready ready, KeyedState state, RecordPipeline pipeline) implements StartedPartition, AutoCloseable {

        /** Lets go of everything. */
        @Override
        public void close() {
            closeState();
            ready.restored().close();
        }

        /** Lets go of everything but the database. */
        public void closeState() {
            pipeline.close();
            state.close();
        }
    }

    /**
     * It is left untouched, for a reason that a person has to look at.
     *
     * @param cause with the way out
     * @param retry whether trying again may help
     */
    record Parked(String cause, Retry retry) implements StartedPartition {

        /** For a cause that may be mended where it is. */
        static Parked untilMended(String cause) {
            return new Parked(cause, Retry.LATER);
        }
    }

    /** Whether a parked partition is tried again. */
    enum Retry {
        /** With backoff: the cause may be mended where it is, in the store or in the cluster. */
        LATER,
        /** Not before the worker is started again: time does not mend the cause, and could only hide it. */
        NEVER
    }
}
