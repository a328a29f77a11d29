package dev.cairn.worker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;

import dev.cairn.checkpoint.CheckpointMetadata;
import dev.cairn.checkpoint.InputPosition;

/** How many partitions the input topics have, and whether that is still what the state was built with. */
final class PartitionCounts {

    private PartitionCounts() {}

    /** Of each topic, as of now. */
    static Map<String, Integer> of(List<TopicPartition> inputs, GroupOffsets group) {
        Map<String, Integer> counts = new HashMap<>();
        inputs.forEach(input -> counts.put(input.topic(), group.partitionCount(input.topic())));
        return counts;
    }

    /** @throws UnfitException when keys have moved since the checkpoint was taken */
    static void check(CheckpointMetadata checkpoint, Map<String, Integer> counts) {
        for (InputPosition position : checkpoint.positions()) {
            Integer now = counts.get(position.topic());
            if (now != null && now != position.partitionCount()) {
                throw new UnfitException("the topic " + position.topic() + " has " + now
                        + " partitions, but the state in "
                        + checkpoint.id() + " of partition " + checkpoint.partition() + " was built when it had "
                        + position.partitionCount()
                        + ": keys are in other partitions now, and their state is not. Go on with a topic of "
                        + position.partitionCount() + " partitions");
            }
        }
    }
}
