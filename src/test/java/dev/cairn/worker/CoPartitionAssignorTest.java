package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CoPartitionAssignorTest {

    private static final List<String> BOTH = List.of("clicks", "views");

    private final CoPartitionAssignor assignor = new CoPartitionAssignor();
    private final Map<String, List<TopicPartition>> owned = new TreeMap<>();
    private int generation = 1;

    @Test
    void shouldSpreadNumbersEvenlyAndKeepTheirTopicsTogether() {
        // Given
        join("a", "b", "c");

        // When
        assign(BOTH, 8);

        // Then
        assertCoveredInPairs(8);
        assertThat(owned.values())
                .allSatisfy(partitions -> assertThat(partitions.size()).isBetween(4, 6));
    }

    @Test
    void shouldMoveAsLittleAsPossibleWhenAMemberJoins() {
        // Given
        join("a", "b");
        assign(BOTH, 8);
        Map<String, List<TopicPartition>> before = new HashMap<>(owned);

        // When: the first rebalance only takes away, the second one gives
        join("c");
        assign(BOTH, 8);
        assertThat(owned.get("c")).isEmpty();
        assign(BOTH, 8);

        // Then
        assertCoveredInPairs(8);
        assertThat(before.get("a")).containsAll(owned.get("a"));
        assertThat(before.get("b")).containsAll(owned.get("b"));
        assertThat(owned.get("c")).hasSizeBetween(4, 6);
    }

    @Test
    void shouldGiveWhatAMemberLeavesToTheOthers() {
        // Given
        join("a", "b", "c");
        assign(BOTH, 9);
        Map<String, List<TopicPartition>> before = new HashMap<>(owned);

        // When
        owned.remove("c");
        assign(BOTH, 9);

        // Then
        assertCoveredInPairs(9);
        assertThat(owned.get("a")).containsAll(before.get("a"));
        assertThat(owned.get("b")).containsAll(before.get("b"));
    }

    @Test
    void shouldNeverGiveAPartitionThatAnotherMemberStillOwns() {
        // Given
        join("a");
        assign(BOTH, 6);

        // When
        join("b", "c");
        Map<String, List<TopicPartition>> before = new HashMap<>(owned);
        Map<String, List<TopicPartition>> assigned = assignOnce(BOTH, 6);

        // Then
        assertThat(assigned.get("b")).doesNotContainAnyElementsOf(before.get("a"));
        assertThat(assigned.get("c")).doesNotContainAnyElementsOf(before.get("a"));
    }

    @Test
    void shouldGiveATopicThatWasAddedToWhoeverHasTheNumber() {
        // Given
        join("a", "b");
        assign(List.of("clicks"), 6);
        Map<String, List<TopicPartition>> before = new HashMap<>(owned);

        // When
        assign(BOTH, 6);

        // Then
        assertCoveredInPairs(6);
        assertThat(owned.get("a")).containsAll(before.get("a"));
        assertThat(owned.get("b")).containsAll(before.get("b"));
    }

    @Test
    void shouldOnlyGiveTopicsThatAMemberSubscribesTo() {
        // Given: in the middle of a rolling restart
        Map<String, Subscription> subscriptions = new HashMap<>();
        subscriptions.put("a", subscription("a", BOTH));
        subscriptions.put("b", subscription("b", List.of("clicks")));

        // When
        Map<String, List<TopicPartition>> assigned = assignor.assignPartitions(topics(BOTH, 4), subscriptions);

        // Then
        assertThat(assigned.get("b"))
                .isNotEmpty()
                .allMatch(partition -> partition.topic().equals("clicks"));
        assertThat(numbers(assigned.get("a"), "clicks")).isEqualTo(numbers(assigned.get("a"), "views"));
    }

    @Test
    void shouldLeaveMembersWithoutPartitionsWhereThereAreTooFew() {
        // Given
        join("a", "b", "c");

        // When
        assign(BOTH, 2);

        // Then
        assertCoveredInPairs(2);
        assertThat(owned.values()).filteredOn(List::isEmpty).hasSize(1);
    }

    private void join(String... members) {
        for (String member : members) {
            owned.put(member, List.of());
        }
    }

    /** Rebalances until nothing moves any more, as the cooperative protocol does. */
    private void assign(List<String> topics, int partitions) {
        owned.putAll(assignOnce(topics, partitions));
    }

    private Map<String, List<TopicPartition>> assignOnce(List<String> topics, int partitions) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        owned.keySet().forEach(member -> subscriptions.put(member, subscription(member, topics)));
        generation++;
        return assignor.assignPartitions(topics(topics, partitions), subscriptions);
    }

    private Subscription subscription(String member, List<String> topics) {
        List<TopicPartition> before = owned.getOrDefault(member, List.of());
        Subscription subscription = new Subscription(topics, null, before, generation, Optional.empty());
        subscription.setGroupInstanceId(Optional.of(member));
        return subscription;
    }

    private static Map<String, List<PartitionInfo>> topics(List<String> topics, int partitions) {
        Map<String, List<PartitionInfo>> infos = new HashMap<>();
        topics.forEach(topic -> infos.put(
                topic,
                IntStream.range(0, partitions)
                        .mapToObj(number -> new PartitionInfo(topic, number, null, null, null))
                        .toList()));
        return infos;
    }

    private void assertCoveredInPairs(int partitions) {
        List<TopicPartition> all = new ArrayList<>();
        owned.values().forEach(all::addAll);
        Set<TopicPartition> expected = new HashSet<>();
        BOTH.forEach(topic ->
                IntStream.range(0, partitions).forEach(number -> expected.add(new TopicPartition(topic, number))));
        assertThat(all).containsExactlyInAnyOrderElementsOf(expected);
        owned.forEach((member, assigned) ->
                assertThat(numbers(assigned, "clicks")).as(member).isEqualTo(numbers(assigned, "views")));
    }

    private static Set<Integer> numbers(List<TopicPartition> partitions, String topic) {
        Set<Integer> numbers = new TreeSet<>();
        partitions.stream()
                .filter(partition -> partition.topic().equals(topic))
                .forEach(partition -> numbers.add(partition.partition()));
        return numbers;
    }
}
