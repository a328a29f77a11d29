package dev.cairn.fleet;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

import dev.cairn.settings.KafkaSettings;

/** The topics that the channels lead to, as long as they lead to Kafka. Every call blocks. */
record FleetTopics(Config config) {

    private static final Logger LOG = Logger.getLogger(FleetTopics.class);
    private static final String KAFKA = "smallrye-kafka";
    private static final String SEGMENT_BYTES = Integer.toString(1 << 20);
    private static final String EVENTS_BYTES = Integer.toString(8 << 20);
    private static final String EVENTS_MILLIS = Long.toString(7L * 24 * 60 * 60 * 1_000);

    private static final int ATTEMPTS = 10;
    private static final long BETWEEN_ATTEMPTS_MILLIS = 300;

    /** The topic that a channel leads to, where it leads to one. */
    Optional<String> topicOf(String channel) {
        return attribute(channel, "connector").filter(KAFKA::equals).isPresent()
                ? Optional.of(attribute(channel, "topic").orElse(channel))
                : Optional.empty();
    }

    private Optional<String> attribute(String channel, String name) {
        return config.getOptionalValue("mp.messaging.incoming." + channel + "." + name, String.class);
    }

    /**
     * Looks for the topic of a channel, and creates nothing: the worker has not started yet, and may not.
     *
     * @return where it ends now; nothing where there is none, or the channel does not lead to Kafka
     * @throws ExecutionException when Kafka cannot be asked
     */
    OptionalLong find(String channel, KafkaSettings kafka) throws ExecutionException, InterruptedException {
        Optional<String> topic = topicOf(channel);
        if (topic.isEmpty()) {
            return OptionalLong.empty();
        }
        try (Admin admin = admin(channel, kafka)) {
            admin.describeTopics(List.of(topic.get())).allTopicNames().get();
            return OptionalLong.of(end(admin, new TopicPartition(topic.get(), 0)));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    /**
     * Creates the topic of a channel where it is missing.
     *
     * @return where it ends now; nothing where the channel does not lead to Kafka
     * @throws ExecutionException when it is missing and cannot be created, or Kafka cannot be asked
     */
    OptionalLong prepare(String channel, KafkaSettings kafka) throws ExecutionException, InterruptedException {
        Optional<String> topic = topicOf(channel);
        if (topic.isEmpty()) {
            return OptionalLong.empty();
        }
        try (Admin admin = admin(channel, kafka)) {
            create(admin, channel, topic.get());
            return OptionalLong.of(end(admin, new TopicPartition(topic.get(), 0)));
        }
    }

    /**
     * Which cluster a channel leads to.
     *
     * @return its id; empty where the channel does not lead to Kafka
     * @throws ExecutionException when Kafka cannot be asked
     */
    String clusterId(String channel, KafkaSettings kafka) throws ExecutionException, InterruptedException {
        if (topicOf(channel).isEmpty()) {
            return "";
        }
        try (Admin admin = admin(channel, kafka)) {
            return Objects.requireNonNullElse(
                    admin.describeCluster().clusterId().get(), "");
        }
    }

    /** A client for a watch over the topic of a channel. The caller closes it. */
    Admin admin(String channel, KafkaSettings kafka) {
        Map<String, Object> properties = kafka.admin();
        attribute(channel, "bootstrap.servers")
                .ifPresent(servers -> properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers));
        return Admin.create(properties);
    }

    /** A topic, with what this worker may do to it; nothing where there is none. */
    static Optional<TopicDescription> describe(Admin admin, String topic)
            throws ExecutionException, InterruptedException {
        try {
            return Optional.of(
                    admin.describeTopics(List.of(topic), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                            .allTopicNames()
                            .get()
                            .get(topic));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Creates the topic of a channel that leads to one. */
    static void create(Admin admin, String channel, String topic) throws ExecutionException, InterruptedException {
        NewTopic wanted = new NewTopic(topic, Optional.of(1), Optional.empty()).configs(settings(channel));
        try {
            admin.createTopics(List.of(wanted)).all().get();
            LOG.infof("created the topic %s", topic);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException) && !exists(admin, topic)) {
                throw e;
            }
        }
    }

    private static long end(Admin admin, TopicPartition partition) throws ExecutionException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .partitionResult(partition)
                        .get()
                        .offset();
            } catch (ExecutionException e) {
                // A topic that has just been created is not known everywhere at once.
                if (attempt == ATTEMPTS || !(e.getCause() instanceof RetriableException)) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_ATTEMPTS_MILLIS);
            }
        }
    }

    /** Who may not create a topic may still use one that is there. */
    private static boolean exists(Admin admin, String topic) throws InterruptedException {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            return false;
        }
    }

    private static Map<String, String> settings(String channel) {
        return channel.equals(FleetChannels.COMMANDS)
                ? Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)
                : Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        SEGMENT_BYTES,
                        TopicConfig.RETENTION_BYTES_CONFIG,
                        EVENTS_BYTES,
                        TopicConfig.RETENTION_MS_CONFIG,
                        EVENTS_MILLIS);
    }
}
