package dev.cairn.worker.group;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
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
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Keeps the same partition number of all input topics together, and where it was.
 *
 * <p>Kafka's cooperative-sticky assignor is handed one imaginary topic that stands for all of them, and what it decides
 * for a number goes for that number of every topic. A partition that another member still owns is withheld until it has
 * been given up, as the cooperative protocol demands.
 *
 * <p>Besides that, members say where their workers listen, and the leader tells them all who has what.
 *
 * <p>Public because Kafka's consumer creates it by its name.
 */
public final class CoPartitionAssignor extends CooperativeStickyAssignor implements Configurable {

    private static final Logger LOG = Logger.getLogger(CoPartitionAssignor.class);
    private static final String ALL_TOPICS = "cairn-all-topics";

    /** The broker keeps what all members are told in one record, which may have 1 MB. */
    private static final int MOST_MAP_BYTES = 400_000;

    private static final byte[] NO_MAP = {};

    private final Set<Integer> otherVersions = new HashSet<>();
    private GroupMember member;

    /** The inputs, as this member knows them. */
    private Set<String> inputs = Set.of();

    @Override
    public String name() {
        return "cairn-co-partition";
    }

    @Override
    public void configure(Map<String, ?> configs) {
        member = (GroupMember) configs.get(GroupMember.CONFIG);
    }

    @Override
    public ByteBuffer subscriptionUserData(Set<String> topics) {
        inputs = Set.copyOf(topics);
        ByteBuffer generation = super.subscriptionUserData(topics);
        if (member == null) {
            return generation;
        }
        member.joining();
        return GroupNotes.says(generation, member.self());
    }

    @Override
    public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
        super.onAssignment(assignment, metadata);
        if (member != null) {
            member.joined(GroupNotes.told(assignment.userData()), metadata.generationId());
        }
    }

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription group) {
        // First, because Kafka's assignor moves the position of what a new member says.
        Map<String, Peer> workers = new TreeMap<>();
        group.groupSubscription().forEach((id, subscription) -> GroupNotes.said(subscription.userData())
                .ifPresent(worker -> workers.put(id, worker)));
        group.groupSubscription().forEach((id, subscription) -> warnOfOtherVersion(subscription));
        Map<String, Assignment> assigned =
                new HashMap<>(super.assign(cluster, group).groupAssignment());
        byte[] map = GroupNotes.map(map(cluster, group, assigned, workers));
        Set<Peer> told = new HashSet<>();
        boolean fits = (long) map.length * Set.copyOf(workers.values()).size() <= MOST_MAP_BYTES;
        if (!fits) {
            LOG.warnf(
                    "the group has too many workers and partitions for telling everyone who has what: state can only be"
                            + " asked of the worker that has it");
        }
        // One loop of each worker is enough.
        workers.forEach((id, worker) -> assigned.put(
                id,
                new Assignment(
                        assigned.get(id).partitions(),
                        GroupNotes.tells(worker, fits && told.add(worker) ? map : NO_MAP))));
        return new GroupAssignment(assigned);
    }

    /** Once for each version, as long as this loop leads the group. */
    private void warnOfOtherVersion(Subscription subscription) {
        GroupNotes.otherVersion(subscription.userData()).ifPresent(version -> {
            if (otherVersions.add(version)) {
                LOG.warnf(
                        "a member of the group (%s) is of another version of Cairn: it speaks version %s of the group's notes."
                                + " It gets partitions as the others do, but workers of this version cannot ask it for"
                                + " state. Finish the upgrade",
                        subscription.groupInstanceId().orElse("without a name"), version);
            }
        });
    }

    /** Another member may read other topics, with any number of partitions. */
    private GroupMap map(
            Cluster cluster, GroupSubscription group, Map<String, Assignment> assigned, Map<String, Peer> workers) {
        Set<String> topics = new HashSet<>(inputs);
        if (topics.isEmpty()) {
            group.groupSubscription().values().forEach(subscription -> topics.addAll(subscription.topics()));
        }
        int partitions = topics.stream()
                .mapToInt(topic -> Optional.ofNullable(cluster.partitionCountForTopic(topic))
                        .orElse(0))
                .max()
                .orElse(0);
        List<Peer> listed = workers.values().stream().distinct().toList();
        List<Integer> owners = new ArrayList<>(Collections.nCopies(partitions, GroupMap.NO_ONE));
        workers.forEach((id, worker) -> assigned.get(id).partitions().stream()
                .filter(partition -> topics.contains(partition.topic()))
                .forEach(partition -> owners.set(partition.partition(), listed.indexOf(worker))));
        return new GroupMap(listed, owners);
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
        subscriptions.forEach((member, subscription) -> folded.put(member, fold(subscription, numbers)));

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

    /** @param numbers a member may say that it owns others, which Kafka's assignor does not expect */
    private static Subscription fold(Subscription subscription, int numbers) {
        TreeSet<Integer> owned = new TreeSet<>();
        subscription.ownedPartitions().stream()
                .map(TopicPartition::partition)
                .filter(number -> number >= 0 && number < numbers)
                .forEach(owned::add);
        Subscription folded = new Subscription(
                List.of(ALL_TOPICS),
                subscription.userData(),
                owned.stream()
                        .map(number -> new TopicPartition(ALL_TOPICS, number))
                        .toList(),
                subscription.generationId().orElse(DEFAULT_GENERATION),
                // An imaginary topic has no replicas, which Kafka's assignor looks for where a member is in a rack.
                Optional.empty());
        folded.setGroupInstanceId(subscription.groupInstanceId());
        return folded;
    }
}
