package dev.cairn.testkit.broker;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.testkit.Answers;

/**
 * A Kafka broker that tests use. It is shared by many of them, so every test takes names of topics and jobs of its own.
 * Thread-safe.
 */
public interface TestBroker extends AutoCloseable {

    /** For a broker with hundreds of partitions on a busy machine. */
    Duration TOPIC_LIMIT = Duration.ofMinutes(1);

    /** Where clients connect: {@code localhost:19092}. */
    String bootstrapServers();

    /** A client for everything that has no helper here; the broker closes it. */
    Admin admin();

    /** Ends the broker and drops its data. */
    @Override
    void close();

    /** Creates a topic, and returns when clients can see it. */
    default void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Creates a topic with settings such as {@code retention.ms}, and returns when clients can see it. */
    default void createTopic(String name, int partitions, Map<String, String> settings) {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
        Answers.of(admin().createTopics(List.of(topic)).all());
        await("topic " + name)
                .atMost(TOPIC_LIMIT)
                .ignoreExceptions()
                .until(() -> Answers.of(admin().describeTopics(List.of(name)).allTopicNames())
                                .get(name)
                                .partitions()
                                .size()
                        == partitions);
    }

    /** Whether there is a topic of this name. */
    default boolean hasTopic(String name) {
        return Answers.of(admin().listTopics().names()).contains(name);
    }

    /** Drops the records of a partition below an offset, as retention does. */
    default void deleteRecords(String topic, int partition, long beforeOffset) {
        Answers.of(admin().deleteRecords(
                        Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(beforeOffset)))
                .all());
    }
}
