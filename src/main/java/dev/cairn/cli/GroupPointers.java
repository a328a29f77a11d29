package dev.cairn.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.eclipse.microprofile.config.Config;

import dev.cairn.checkpoint.CheckpointId;
import dev.cairn.checkpoint.GroupSource;
import dev.cairn.checkpoint.GroupView;
import dev.cairn.settings.KafkaSettings;
import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;

/**
 * Asks the job's consumer group what it has committed, which checkpoints it names, and whether it has members. By one
 * thread.
 *
 * <p>With {@code requireStable} the broker leaves out a partition whose offsets a pending transaction may change; it is
 * asked again then.
 */
final class GroupPointers implements GroupSource, AutoCloseable {

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

    /** With the worker's settings for Kafka's clients, if they name brokers. */
    static Optional<GroupPointers> of(Config config, String job) {
        try {
            return SettingsReader.kafka(config)
                    .map(KafkaSettings::admin)
                    .map(properties -> new GroupPointers(Admin.create(forPeople(properties)), job, LIMIT));
        } catch (SettingsException e) {
            throw new CommandException(String.join(" ", e.problems()), e);
        } catch (KafkaException e) {
            throw failed(job, e.getCause() == null ? e : e.getCause());
        }
    }

    /** Somebody sits and waits for the answer. */
    private static Map<String, Object> forPeople(Map<String, Object> properties) {
        if (!properties.containsKey(REQUEST_LIMIT) && !properties.containsKey(CALL_LIMIT)) {
            properties.put(REQUEST_LIMIT, "10000");
            properties.put(CALL_LIMIT, "15000");
        }
        return properties;
    }

    @Override
    public GroupView look(int partition, Set<String> topics) {
        Set<String> all = new HashSet<>(topics);
        offsets(new ListConsumerGroupOffsetsSpec(), false).keySet().forEach(known -> all.add(known.topic()));
        Set<TopicPartition> inputs =
                all.stream().map(topic -> new TopicPartition(topic, partition)).collect(Collectors.toSet());
        return new GroupView(inputs.isEmpty() ? Set.of() : named(partition, inputs), members());
    }

    private Set<CheckpointId> named(int partition, Set<TopicPartition> inputs) {
        ListConsumerGroupOffsetsSpec spec = new ListConsumerGroupOffsetsSpec().topicPartitions(inputs);
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Map<TopicPartition, OffsetAndMetadata> offsets = offsets(spec, true);
            if (offsets.keySet().containsAll(inputs)) {
                return offsets.values().stream()
                        .filter(offset -> offset != null)
                        .flatMap(offset -> CheckpointId.fromPointer(offset.metadata()).stream())
                        .collect(Collectors.toSet());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new CommandException("an open transaction holds up the offsets of partition " + partition
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

    /** Whether the group has any. */
    GroupView.Members members() {
        return describe()
                .map(ConsumerGroupDescription::groupState)
                .filter(state -> state != GroupState.EMPTY && state != GroupState.DEAD)
                .map(state -> GroupView.Members.SOME)
                .orElse(GroupView.Members.NONE);
    }

    /** How many members the group has: one for each loop of each worker. */
    int memberCount() {
        return describe().map(group -> group.members().size()).orElse(0);
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
    Map<TopicPartition, Long> logEnds(Set<TopicPartition> inputs) {
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
        Map<TopicPartition, OffsetAndMetadata> plain = new HashMap<>();
        committed().forEach((input, offset) -> {
            if (CheckpointId.fromPointer(offset.metadata()).isPresent()) {
                plain.put(input, new OffsetAndMetadata(offset.offset()));
            }
        });
        if (!plain.isEmpty()) {
            answer(admin.alterConsumerGroupOffsets(job, plain).all());
        }
    }

    void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private CommandException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new CommandException(
                "interrupted while asking Kafka for group " + job + ". Run the command again", cause);
    }

    private static CommandException failed(String job, Throwable cause) {
        return new CommandException(
                "cannot ask Kafka about group " + job + ": " + cause.getMessage()
                        + ". Correct kafka.bootstrap.servers and the like, or leave that unset to go by the store alone",
                cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
