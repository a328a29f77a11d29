package dev.cairn.worker.loop;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.status.RollBackException;

/**
 * Inputs are not the topics any more that partitions were started with: created again, deleted, or with more partitions.
 * What was read since must not be committed. The loop rolls back and starts these partitions again; the start decides.
 */
final class InputsChangedException extends RollBackException {

    private static final long serialVersionUID = 1L;

    private final transient List<RunningPartition> partitions;

    private InputsChangedException(String what, List<RunningPartition> partitions) {
        super(what);
        this.partitions = partitions;
    }

    /** The partitions that have to be started again. */
    List<RunningPartition> partitions() {
        return partitions;
    }

    /**
     * Compares what running partitions were started with to what is there.
     *
     * @param now the inputs, by topic, without those that do not exist
     */
    static Optional<InputsChangedException> of(Collection<RunningPartition> partitions, Map<String, InputTopic> now) {
        List<RunningPartition> changed = partitions.stream()
                .filter(partition -> !describe(partition.topics(), now).isEmpty())
                .toList();
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of(new InputsChangedException(
                        String.join(", ", describe(changed.get(0).topics(), now).values()), changed));
    }

    /** What is different, by topic. */
    private static Map<String, String> describe(Map<String, InputTopic> before, Map<String, InputTopic> now) {
        Map<String, String> changes = new TreeMap<>();
        before.forEach((topic, known) -> {
            InputTopic found = now.get(topic);
            if (found == null) {
                changes.put(topic, "the input " + topic + " does not exist any more");
            } else if (!found.id().equals(known.id())) {
                changes.put(topic, "the input " + topic + " was deleted and created again");
            } else if (found.partitionCount() != known.partitionCount()) {
                changes.put(
                        topic,
                        "the input " + topic + " has " + found.partitionCount() + " partitions instead of "
                                + known.partitionCount());
            }
        });
        return changes;
    }
}
