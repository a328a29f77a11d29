package dev.cairn.job;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.protocol.GroupView;
import dev.cairn.checkpoint.store.GroupSource;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.KafkaSettings;
import dev.cairn.storage.Clause;

/**
 * Asks the job's consumer group what it has committed, which checkpoints it names, and whether it has members. By one
 * thread.
 *
 * <p>With {@code requireStable} the broker leaves out a partition whose offsets a pending transaction may change; it is
 * asked again then.
 */
public final class GroupPointers implements GroupSource, AutoCloseable {

    private static final String REQUEST_LIMIT = AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG;
    private static final String CALL_LIMIT = AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG;
    private static final long PAUSE_MILLIS = 100;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Admin admin;
    private final String job;
    private final Duration limit;

    /** @param limit how long to wait for pending transactions */
    GroupPointers(Admin admin, String job, Duration limit) {
        this.admin = admin;
        this.job = job;
        this.limit = limit;
    }

    /** With the worker's settings for Kafka's clients. */
    static GroupPointers of(String job, KafkaSettings kafka) {
        return new GroupPointers(Admin.create(forPeople(kafka.admin())), job, LIMIT);
    }

    /** Someone sits and waits for the answer. */
    private static Map<String, Object> forPeople(Map<String, Object> properties) {
        if (!properties.containsKey(REQUEST_LIMIT) && !properties.containsKey(CALL_LIMIT)) {
            properties.put(REQUEST_LIMIT, "10000");
            properties.put(CALL_LIMIT, "15000");
        }
        return properties;
    }

    @Override
    public GroupView look(int partition, Set<String> topics) {
        Set<String> all = topics();
        all.addAll(topics);
        return new GroupView(named(List.of(partition), all).get(partition), members());
    }

    /** Looks at all of these partitions at once, and once more at one that is asked for again. By one thread. */
    GroupSource lookedAt(Collection<Integer> partitions) {
        Set<String> known = topics();
        Map<Integer, Set<CheckpointId>> named = named(partitions, known);
        GroupView.Members members = members();
        return (partition, topics) -> {
            Set<CheckpointId> first = named.remove(partition);
            return first != null && known.containsAll(topics) ? new GroupView(first, members) : look(partition, topics);
        };
    }

    private Set<String> topics() {
        return offsets(new ListConsumerGroupOffsetsSpec(), false).keySet().stream()
                .map(TopicPartition::topic)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** The checkpoints that the group names, by partition. */
    private Map<Integer, Set<CheckpointId>> named(Collection<Integer> partitions, Set<String> topics) {
        Map<Integer, Set<CheckpointId>> named = new HashMap<>();
        partitions.forEach(partition -> named.put(partition, new HashSet<>()));
        Set<TopicPartition> inputs = partitions.stream()
                .flatMap(partition -> topics.stream().map(topic -> new TopicPartition(topic, partition)))
                .collect(Collectors.toSet());
        stableOffsets(inputs).forEach((input, offset) -> {
            if (offset != null) {
                CheckpointId.fromPointer(offset.metadata())
                        .ifPresent(id -> named.get(input.partition()).add(id));
            }
        });
        return named;
    }

    private Map<TopicPartition, OffsetAndMetadata> stableOffsets(Set<TopicPartition> wanted) {
        if (wanted.isEmpty()) {
            return Map.of();
        }
        Set<TopicPartition> inputs = new HashSet<>(wanted);
        ListConsumerGroupOffsetsSpec spec = new ListConsumerGroupOffsetsSpec().topicPartitions(inputs);
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Map<TopicPartition, OffsetAndMetadata> offsets = offsets(spec, true);
            if (offsets.keySet().containsAll(inputs)) {
                return offsets;
            }
            if (System.nanoTime() - deadline > 0) {
                inputs.removeAll(offsets.keySet());
                throw new JobException("an open transaction holds up the offsets of partition "
                        + inputs.iterator().next().partition()
                        + " of group " + job + ", so that it is not known which checkpoint it names. A worker that is"
                        + " gone may have left it behind: it ends by its time-out, or once the job is started again");
            }
            pause();
        }
    }

    /** What the group has committed; {@code null} for a partition without an offset. */
    private Map<TopicPartition, OffsetAndMetadata> offsets(ListConsumerGroupOffsetsSpec spec, boolean stable) {
        ListConsumerGroupOffsetsOptions options = new ListConsumerGroupOffsetsOptions().requireStable(stable);
        try {
            return answer(
                    admin.listConsumerGroupOffsets(Map.of(job, spec), options).partitionsToOffsetAndMetadata(job));
        } catch (GroupIdNotFoundException e) {
            Map<TopicPartition, OffsetAndMetadata> none = new HashMap<>();
            if (spec.topicPartitions() != null) {
                spec.topicPartitions().forEach(partition -> none.put(partition, null));
            }
            return none;
        }
    }

    /** The id of the Kafka cluster; empty where it does not say. */
    String clusterId() {
        String id = answer(admin.describeCluster().clusterId());
        return id == null ? "" : id;
    }

    /** Whether the group has any. */
    public GroupView.Members members() {
        return describe()
                .map(ConsumerGroupDescription::groupState)
                .filter(state -> state != GroupState.EMPTY && state != GroupState.DEAD)
                .map(state -> GroupView.Members.SOME)
                .orElse(GroupView.Members.NONE);
    }

    /** How many members the group has: one for each loop of each worker. */
    public int memberCount() {
        return describe().map(group -> group.members().size()).orElse(0);
    }

    /** What the members of the group have together; empty while it is rebalancing. */
    public Optional<Set<TopicPartition>> assigned() {
        return describe()
                .filter(group -> group.groupState() == GroupState.STABLE || group.groupState() == GroupState.EMPTY)
                .map(group -> group.members().stream()
                        .flatMap(member -> member.assignment().topicPartitions().stream())
                        .collect(Collectors.toSet()));
    }

    /** The workers that have members in the group, by their names in it, in order. */
    public SortedSet<String> instances() {
        SortedSet<String> instances = new TreeSet<>();
        describe().ifPresent(group -> group.members().stream()
                .flatMap(member -> member.groupInstanceId().stream())
                .forEach(member -> instances.add(member.substring(0, Math.max(0, member.lastIndexOf('-'))))));
        return instances;
    }

    private Optional<ConsumerGroupDescription> describe() {
        try {
            return Optional.of(answer(
                    admin.describeConsumerGroups(List.of(job)).describedGroups().get(job)));
        } catch (GroupIdNotFoundException e) {
            return Optional.empty();
        }
    }

    private <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException absent) {
                throw absent;
            }
            throw failed(job, e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Where the logs end that the group has read, as {@code read_committed} readers see them.
     *
     * @return by partition, then by topic
     */
    Map<Integer, Map<String, Long>> logEnds() {
        Map<Integer, Map<String, Long>> ends = new TreeMap<>();
        logEnds(committed().keySet())
                .forEach((input, end) -> ends.computeIfAbsent(input.partition(), any -> new TreeMap<>())
                        .put(input.topic(), end));
        return ends;
    }

    /** Where logs end, as {@code read_committed} readers see them. Those that are not there are left out. */
    public Map<TopicPartition, Long> logEnds(Set<TopicPartition> inputs) {
        try {
            return new LogEnds(admin).of(inputs);
        } catch (ExecutionException e) {
            throw failed(job, e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** What the group has committed, apart from partitions whose offsets a pending transaction may change. */
    Map<TopicPartition, OffsetAndMetadata> committed() {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                new HashMap<>(offsets(new ListConsumerGroupOffsetsSpec(), true));
        offsets.values().removeIf(offset -> offset == null);
        return offsets;
    }

    /** Takes the checkpoints' names out of the group's offsets, which stay where they are. It has no members. */
    void forgetCheckpoints() {
        Set<TopicPartition> all =
                offsets(new ListConsumerGroupOffsetsSpec(), false).keySet();
        Map<TopicPartition, OffsetAndMetadata> plain = new HashMap<>();
        stableOffsets(all).forEach((input, offset) -> {
            if (offset != null && CheckpointId.fromPointer(offset.metadata()).isPresent()) {
                plain.put(input, new OffsetAndMetadata(offset.offset()));
            }
        });
        if (!plain.isEmpty()) {
            alter(plain);
        }
    }

    private void alter(Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            admin.alterConsumerGroupOffsets(job, offsets).all().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownMemberIdException || e.getCause() instanceof GroupNotEmptyException) {
                throw new JobException(
                        "a worker has joined group " + job
                                + " meanwhile. Nothing is deleted; try again once it has left",
                        e);
            }
            throw failed(job, e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private JobException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new JobException("interrupted while asking Kafka for group " + job + ". Try again", cause);
    }

    static JobException failed(String job, Throwable cause) {
        return new JobException(
                "cannot ask Kafka about group " + job + ": " + Clause.of(cause) + ". Correct "
                        + SettingNames.KAFKA_BOOTSTRAP_SERVERS
                        + " and the like, or leave that unset to go by the store only",
                cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
