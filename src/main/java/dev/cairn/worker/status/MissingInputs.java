package dev.cairn.worker.status;

import java.util.Set;

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
