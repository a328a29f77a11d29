package dev.cairn.worker.start;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.names.SettingNames;
import dev.cairn.worker.group.GroupOffsets;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.start.StartedPartition.Retry;

/**
 * What Kafka says of some inputs. The bounds are read after the offsets: what is committed lies within a whole log.
 *
 * @param inputs the partitions of the input topics
 * @param topics what the topics are, by name, without those that do not exist
 * @param committed what the group has committed, without inputs that have no offset
 * @param bounds what the logs hold, without inputs that do not exist
 */
record InputFacts(
        List<TopicPartition> inputs,
        Map<String, InputTopic> topics,
        Map<TopicPartition, OffsetAndMetadata> committed,
        Map<TopicPartition, GroupOffsets.Bounds> bounds) {

    /** The same of some of the inputs. */
    InputFacts of(List<TopicPartition> some) {
        return new InputFacts(some, topics, only(some, committed), only(some, bounds));
    }

    private static <V> Map<TopicPartition, V> only(Collection<TopicPartition> inputs, Map<TopicPartition, V> all) {
        Map<TopicPartition, V> some = new HashMap<>(all);
        some.keySet().retainAll(inputs);
        return some;
    }

    /**
     * The checkpoint that the group names.
     *
     * @throws dev.cairn.checkpoint.format.UnknownFormatException when a later version of Cairn has committed
     */
    Optional<CheckpointId> pointer() {
        committed.values().forEach(offset -> CheckpointId.requireKnownFormat(offset.metadata()));
        return GroupOffsets.pointer(committed);
    }

    GroupOffsets.Bounds bounds(TopicPartition input) {
        GroupOffsets.Bounds found = bounds.get(input);
        if (found == null) {
            throw new UnknownTopicOrPartitionException(input + " does not exist any more");
        }
        return found;
    }

    /** The ids of the topics, by name. */
    Map<String, String> topicIds() {
        Map<String, String> ids = new HashMap<>();
        topics.forEach((topic, input) -> ids.put(topic, input.id()));
        return ids;
    }

    /** @throws UnfitException while one is missing; one that comes back has another id, if it is another one */
    void requireTopics() {
        for (TopicPartition input : inputs) {
            if (!topics.containsKey(input.topic())) {
                throw new UnfitException(
                        "the input " + input.topic() + " does not exist any more. A topic that is created again under"
                                + " this name is another one: see " + SettingNames.ON_RECREATED_INPUT,
                        Retry.LATER);
            }
        }
    }
}
