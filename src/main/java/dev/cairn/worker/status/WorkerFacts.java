package dev.cairn.worker.status;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.cairn.storage.StoreStatus;

/**
 * What a worker knows of itself: what its judgement is made of.
 *
 * @param phase where it stands
 * @param paused whether a person has paused it
 * @param loops its loops
 * @param partitions its partitions
 * @param sinceBroker how long ago Kafka last answered one of its clients
 * @param store what the last requests to the store say
 * @param missing the inputs that do not exist any more
 * @param uncovered partitions of the inputs that no member of the group has, and for how long; empty while that is not known
 * @param lagKnown whether the lag of every partition is known
 * @param checkpointLimit how old the oldest change without a checkpoint may be
 */
public record WorkerFacts(
        Phase phase,
        boolean paused,
        List<LoopFacts> loops,
        List<PartitionFacts> partitions,
        Duration sinceBroker,
        StoreStatus store,
        MissingInputs missing,
        Optional<Map<String, Duration>> uncovered,
        boolean lagKnown,
        Duration checkpointLimit) {

    /** Where a worker stands. */
    public enum Phase {
        STARTING,
        RUNNING,
        STOPPING,
        FAILED
    }

    /**
     * Input topics that do not exist any more, as far as Kafka has last said.
     *
     * @param topics their names
     * @param all whether there is no other
     */
    public record MissingInputs(Set<String> topics, boolean all) {

        /** Every input exists. */
        public static final MissingInputs NONE = new MissingInputs(Set.of(), false);

        public MissingInputs {
            topics = Set.copyOf(topics);
        }

        /** What to say of one of them. */
        public String text(String topic) {
            return "the input " + topic + " does not exist any more: the job processes "
                    + (all ? "nothing" : "no record of it") + " until it does. A topic that is created again under this"
                    + " name is another one, and parks the partitions";
        }
    }

    /**
     * A loop.
     *
     * @param name its thread
     * @param failed whether it has failed
     * @param joined whether the group has given it an assignment
     * @param sinceTurn how long ago it last turned
     * @param waiting how long it has waited for a checkpoint; zero while it does not
     * @param uncommitted how long there has been a change without a checkpoint; zero while there is none
     * @param rollBacks since it last made progress
     * @param rollingBack how long ago the first of these was; zero without any
     * @param sinceBroker how long ago Kafka last answered its consumer
     */
    public record LoopFacts(
            String name,
            boolean failed,
            boolean joined,
            Duration sinceTurn,
            Duration waiting,
            Duration uncommitted,
            int rollBacks,
            Duration rollingBack,
            Duration sinceBroker) {}

    /**
     * A partition that the worker has.
     *
     * @param number of every input topic
     * @param stage where it stands
     * @param cause why it is parked, and the way out; empty otherwise
     */
    public record PartitionFacts(int number, Stage stage, String cause) {

        /** Where a partition stands. */
        public enum Stage {
            RESTORING,
            RUNNING,
            PARKED
        }
    }
}
