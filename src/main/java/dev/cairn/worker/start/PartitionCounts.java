package dev.cairn.worker.start;

import java.util.Map;
import java.util.Set;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.worker.group.InputTopic;

/** Whether the input topics still have as many partitions as when the state was built. */
final class PartitionCounts {

    private PartitionCounts() {}

    /**
     * Checks a checkpoint. Without state it fits any number.
     *
     * @param now the inputs
     * @param except topics of which nothing is gone on with
     * @throws UnfitException when keys have moved since the checkpoint was taken
     */
    static void check(CheckpointMetadata checkpoint, Map<String, InputTopic> now, Set<String> except) {
        if (checkpoint.states().isEmpty()) {
            return;
        }
        for (InputPosition position : checkpoint.positions()) {
            InputTopic topic = now.get(position.topic());
            if (topic != null
                    && topic.partitionCount() != position.partitionCount()
                    && !except.contains(position.topic())) {
                throw new UnfitException("the topic " + position.topic() + " has " + topic.partitionCount()
                        + " partitions, but the state in "
                        + checkpoint.id() + " of partition " + checkpoint.partition() + " was built when it had "
                        + position.partitionCount()
                        + ": keys are in other partitions now, and their state is not. Nothing after the last checkpoint"
                        + " is committed. Make a savepoint (cairn savepoint create), rescale it (cairn savepoint rescale"
                        + " <savepoint> --partitions " + topic.partitionCount() + " --allow-undrained), and start from"
                        + " it with a topic that has the records which it lacks: see"
                        + " docs/operate/parked-partitions.md");
            }
        }
    }
}
