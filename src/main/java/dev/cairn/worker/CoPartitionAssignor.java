package dev.cairn.worker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps the same partition number of all input topics together, and where it was.
 *
 * <p>Kafka's cooperative-sticky assignor is handed one imaginary topic that stands for all of them, and what it decides
 * for a number goes for that number of every topic. A partition that another member still owns is withheld until it has
 * been given up, as the cooperative protocol demands.
 *
 * <p>Public because Kafka's consumer creates it by its name.
 */
public final class CoPartitionAssignor extends CooperativeStickyAssignor {

    private static final String ALL_TOPICS = "cairn-all-topics";

    @Override
    public String name() {
        return "cairn-co-partition";
    }

    @Override
    public Map<String, List<TopicPartition>> assignPartitions(
            Map<String, List<PartitionInfo>> partitionsPerTopic, Map<String, Subscription> subscriptions) {
        int numbers =
                partitionsPerTopic.values().stream().mapToInt(List::size).max().orElse(0);
        List<PartitionInfo> imaginary = IntStream.range(0, numbers)
                .mapToObj(number -> new PartitionInfo(ALL_TOPICS, number, null, null, null))
                .toList();
        Map<String, Subscription> folded = new HashMap<>();
        subscriptions.forEach((member, subscription) -> folded.put(member, fold(subscription)));

        Map<String, List<TopicPartition>> decided = super.assignPartitions(Map.of(ALL_TOPICS, imaginary), folded);

        Map<TopicPartition, String> owners = new HashMap<>();
        subscriptions.forEach((member, subscription) ->
                subscription.ownedPartitions().forEach(partition -> owners.putIfAbsent(partition, member)));
        Map<String, List<TopicPartition>> assignments = new HashMap<>();
        decided.forEach((member, chosen) -> {
            List<TopicPartition> assigned = new ArrayList<>();
            for (String topic : new TreeSet<>(subscriptions.get(member).topics())) {
                int count = partitionsPerTopic.getOrDefault(topic, List.of()).size();
                for (TopicPartition number : chosen) {
                    TopicPartition partition = new TopicPartition(topic, number.partition());
                    if (number.partition() < count
                            && owners.getOrDefault(partition, member).equals(member)) {
                        assigned.add(partition);
                    }
                }
            }
            assignments.put(member, assigned);
        });
        return assignments;
    }

    private static Subscription fold(Subscription subscription) {
        SortedSet<Integer> owned = new TreeSet<>();
        subscription.ownedPartitions().forEach(partition -> owned.add(partition.partition()));
        Subscription folded = new Subscription(
                List.of(ALL_TOPICS),
                subscription.userData(),
                owned.stream()
                        .map(number -> new TopicPartition(ALL_TOPICS, number))
                        .toList(),
                subscription.generationId().orElse(DEFAULT_GENERATION),
                subscription.rackId());
        folded.setGroupInstanceId(subscription.groupInstanceId());
        return folded;
    }
}
