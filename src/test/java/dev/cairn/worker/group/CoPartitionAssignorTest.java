package dev.cairn.worker.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
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

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.testkit.LogLines;

class CoPartitionAssignorTest {

    private static final List<String> BOTH = List.of("clicks", "views");

    private final CoPartitionAssignor assignor = new CoPartitionAssignor();
    private final Map<String, List<TopicPartition>> owned = new TreeMap<>();
    private final Map<String, ByteBuffer> said = new HashMap<>();
    private int generation = 1;

    @Test
    @Tag("rule-S6")
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
    @Tag("rule-S6")
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

    @Test
    void shouldTellEveryoneWhoHasWhat() {
        // Given
        join("a", "b", "c");
        owned.forEach((member, nothing) -> says(member, member, "http://" + member + ":8080"));

        // When
        Map<String, Assignment> assigned = assignWithNotes(6);

        // Then
        GroupMap map = told(assigned, "a").map().orElseThrow();
        assertThat(map.owners()).hasSize(6);
        assigned.forEach((member, assignment) -> {
            assertThat(told(assigned, member).map()).contains(map);
            assertThat(told(assigned, member).address()).isEqualTo(peer(member, "http://" + member + ":8080"));
            assignment.partitions().forEach(partition -> assertThat(map.owner(partition.partition()))
                    .contains(peer(member, "http://" + member + ":8080")));
        });
    }

    @Test
    void shouldTellThoseWhoJoinForTheFirstTime() {
        // Given
        generation = -1;
        join("a", "b");
        owned.forEach((member, nothing) -> says(member, member, "http://" + member + ":8080"));

        // When
        Map<String, Assignment> assigned = assignWithNotes(6);

        // Then
        GroupMap map = told(assigned, "b").map().orElseThrow();
        assertThat(map.owners()).doesNotContain(GroupMap.NO_ONE);
        assertThat(told(assigned, "a").map()).contains(map);
    }

    @Test
    void shouldNameNobodyForAPartitionThatIsOnItsWay() {
        // Given
        join("a");
        assign(BOTH, 6);
        join("b");
        owned.forEach((member, before) -> says(member, member, "http://" + member + ":8080"));

        // When
        Map<String, Assignment> first = assignWithNotes(6);
        List<TopicPartition> kept = owned.get("a");
        Map<String, Assignment> second = assignWithNotes(6);

        // Then
        GroupMap moving = told(first, "b").map().orElseThrow();
        Set<Integer> stayed = numbers(kept, "clicks");
        assertThat(stayed).hasSize(3);
        for (int partition = 0; partition < 6; partition++) {
            assertThat(moving.owner(partition).map(Peer::instance))
                    .isEqualTo(stayed.contains(partition) ? Optional.of("a") : Optional.empty());
        }
        assertThat(told(second, "a").map().orElseThrow().workers()).hasSize(2);
        assertThat(told(second, "a").map().orElseThrow().owners()).doesNotContain(GroupMap.NO_ONE);
    }

    @Test
    void shouldGetAlongWithMembersThatSayNothing() {
        // Given: workers of an older version
        join("a", "b", "old");
        says("a", "a", "http://a:8080");
        says("b", "b", "http://b:8080");
        said.put("old", new CooperativeStickyAssignor().subscriptionUserData(Set.copyOf(BOTH)));

        // When
        Map<String, Assignment> assigned = assignWithNotes(6);

        // Then
        assertCoveredInPairs(6);
        assertThat(assigned.get("old").partitions()).isNotEmpty();
        assertThat(assigned.get("old").userData()).isNull();
        GroupMap map = told(assigned, "a").map().orElseThrow();
        assigned.get("old").partitions().forEach(partition -> assertThat(map.owner(partition.partition()))
                .isEmpty());
        assertThat(map.workers()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 2, 100})
    void shouldGetAlongWithMembersOfAnotherVersionAndSaySoOnce(byte version) {
        // Given
        join("a", "other");
        says("a", "a", "http://a:8080");
        says("other", "other", "http://other:8080");
        ByteBuffer notes = said.get("other").duplicate();
        byte[] bytes = new byte[notes.remaining()];
        notes.get(bytes);
        bytes[Integer.BYTES] = version;
        said.put("other", ByteBuffer.wrap(bytes));

        try (LogLines log = new LogLines(CoPartitionAssignor.class)) {
            // When
            Map<String, Assignment> assigned = assignWithNotes(6);
            assignWithNotes(6);

            // Then
            assertCoveredInPairs(6);
            assertThat(assigned.get("other").partitions()).hasSize(6);
            assertThat(told(assigned, "a").map().orElseThrow().workers()).hasSize(1);
            assertThat(log.soFar())
                    .singleElement()
                    .asString()
                    .contains("(other)", "version " + version, "Finish the upgrade");
        }
    }

    @Test
    void shouldTellOneLoopOfAWorkerOnly() {
        // Given: one that has moved while its other loop had not joined again
        join("a-0", "a-1", "b-0", "b-1");
        says("a-0", "a", "http://a:8080");
        says("a-1", "a", "http://a:9090");
        says("b-0", "b", "http://b:8080");
        says("b-1", "b", "http://b:8080");

        // When
        Map<String, Assignment> assigned = assignWithNotes(8);

        // Then
        assertThat(told(assigned, "b-0").map()).isPresent();
        assertThat(told(assigned, "b-1").map()).isEmpty();
        GroupMap map = told(assigned, "a-0").map().orElseThrow();
        assertThat(told(assigned, "a-1").address()).isEqualTo(peer("a", "http://a:9090"));
        assigned.get("a-1").partitions().forEach(partition -> assertThat(map.owner(partition.partition()))
                .contains(peer("a", "http://a:9090")));
    }

    @Test
    void shouldSayWhereItListensBehindKafkasGeneration() {
        // Given
        GroupDirectory directory = new GroupDirectory("job", "a", URI.create("http://a:8080"));
        Membership membership = new Membership(Duration.ofSeconds(10), Duration.ofMinutes(5));
        GroupMember member = new GroupMember("a-0", directory, membership);
        assignor.configure(Map.of(GroupMember.CONFIG, member));
        membership.polling();

        // When
        ByteBuffer first = assignor.subscriptionUserData(Set.copyOf(BOTH));
        assertThat(membership.holds()).isFalse();
        ByteBuffer map = GroupNotes.tells(
                peer("a", "http://elsewhere:8080"),
                GroupNotes.map(new GroupMap(List.of(peer("b", "http://b:8080")), List.of(0))));
        assignor.onAssignment(
                new Assignment(List.of(), map), new ConsumerGroupMetadata("job", 7, "id", Optional.of("a-0")));
        ByteBuffer second = assignor.subscriptionUserData(Set.copyOf(BOTH));

        // Then
        assertThat(first.getInt(0)).isEqualTo(-1);
        assertThat(second.getInt(0)).isEqualTo(7);
        assertThat(GroupNotes.said(second)).contains(directory.self());
        assertThat(membership.holds()).isTrue();
        assertThat(directory.owner(0)).map(Peer::instance).contains("b");
        assertThat(directory.partitions()).isEqualTo(1);
        assertThat(member.hasMoved()).isTrue();
        assertThat(member.hasMoved()).as("said once").isFalse();
    }

    @Test
    void shouldNotBelieveAMemberThatOwnsWhatThereIsNot() {
        // Given
        join("a", "rogue");
        owned.keySet().forEach(member -> says(member, member, "http://" + member + ":8080"));
        owned.put(
                "rogue",
                List.of(
                        new TopicPartition("clicks", -1),
                        new TopicPartition("clicks", 6),
                        new TopicPartition("views", Integer.MAX_VALUE),
                        new TopicPartition("other", 3)));

        // When
        Map<String, Assignment> assigned = assignWithNotes(6);

        // Then
        assertCoveredInPairs(6);
        assertThat(told(assigned, "a").map().orElseThrow().owners()).hasSize(6).doesNotContain(GroupMap.NO_ONE);
    }

    @Test
    void shouldGetAlongWithMembersInRacks() {
        // Given
        join("a", "b");
        Map<String, Subscription> subscriptions = new HashMap<>();
        owned.keySet()
                .forEach(member -> subscriptions.put(
                        member, new Subscription(BOTH, null, List.of(), generation, Optional.of("rack-" + member))));

        // When
        owned.putAll(assignor.assignPartitions(topics(BOTH, 6), subscriptions));

        // Then
        assertCoveredInPairs(6);
    }

    @Test
    void shouldNotCountPartitionsOfATopicThatOnlyAnotherMemberReads() {
        // Given
        join("a", "rogue");
        owned.keySet().forEach(member -> says(member, member, "http://" + member + ":8080"));
        assignor.subscriptionUserData(Set.copyOf(BOTH));
        Map<String, List<PartitionInfo>> topics = new HashMap<>(topics(BOTH, 6));
        topics.putAll(topics(List.of("other"), 50));

        // When
        Map<String, Assignment> assigned = assignWithNotes(
                topics, Map.of("a", subscription("a", BOTH), "rogue", subscription("rogue", List.of("other"))));

        // Then
        GroupMap map = told(assigned, "a").map().orElseThrow();
        assertThat(map.owners()).hasSize(6);
        assertThat(assigned.get("rogue").partitions())
                .isNotEmpty()
                .allMatch(partition -> partition.topic().equals("other"));
        for (int partition = 0; partition < 6; partition++) {
            assertThat(map.owner(partition).map(Peer::instance)).isNotEqualTo(Optional.of("rogue"));
        }
    }

    private void says(String member, String instance, String address) {
        said.put(member, GroupNotes.says(ByteBuffer.allocate(Integer.BYTES), peer(instance, address)));
    }

    private static Peer peer(String instance, String address) {
        return new Peer(instance, URI.create(address));
    }

    private static GroupNotes.Told told(Map<String, Assignment> assigned, String member) {
        return GroupNotes.told(assigned.get(member).userData()).orElseThrow();
    }

    /** Rebalances once, as the group's leader does it. */
    private Map<String, Assignment> assignWithNotes(int partitions) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        owned.keySet().forEach(member -> subscriptions.put(member, subscription(member, BOTH)));
        return assignWithNotes(topics(BOTH, partitions), subscriptions);
    }

    private Map<String, Assignment> assignWithNotes(
            Map<String, List<PartitionInfo>> topics, Map<String, Subscription> subscriptions) {
        generation++;
        Node node = new Node(0, "broker", 9092);
        List<PartitionInfo> infos = new ArrayList<>();
        topics.values()
                .forEach(topic -> topic.forEach(info -> infos.add(new PartitionInfo(
                        info.topic(), info.partition(), node, new Node[] {node}, new Node[] {node}))));
        Map<String, Assignment> assigned = assignor.assign(
                        new Cluster("cluster", List.of(node), infos, Set.of(), Set.of()),
                        new GroupSubscription(subscriptions))
                .groupAssignment();
        assigned.forEach((member, assignment) -> owned.put(member, assignment.partitions()));
        return assigned;
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
        Subscription subscription = new Subscription(topics, said.get(member), before, generation, Optional.empty());
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
