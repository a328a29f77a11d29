package dev.cairn.testkit.broker;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import dev.cairn.testkit.Answers;

/** Reads what is in topics, and what groups have committed. */
public final class Readers {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Readers() {}

    /**
     * Reads text with {@code read_committed}: up to the first record of a transaction that is still open.
     *
     * @return the records of each partition, in order
     */
    public static Content<String, String> readCommitted(TestBroker broker, String topic) {
        return read(broker, topic, IsolationLevel.READ_COMMITTED, new StringDeserializer(), new StringDeserializer());
    }

    /** Reads text with {@code read_uncommitted}: also what was aborted, or may still be. */
    public static Content<String, String> readUncommitted(TestBroker broker, String topic) {
        return read(broker, topic, IsolationLevel.READ_UNCOMMITTED, new StringDeserializer(), new StringDeserializer());
    }

    /** Reads a topic from its start to the end that it has at the time of the call. */
    public static <K, V> Content<K, V> read(
            TestBroker broker, String topic, IsolationLevel isolation, Deserializer<K> key, Deserializer<V> value) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                isolation.toString(),
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false");
        if (isolation == IsolationLevel.READ_COMMITTED) {
            awaitMarkers(broker);
        }
        try (Consumer<K, V> consumer = new KafkaConsumer<>(settings, key, value)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return new Content<>(topic, readToEnd(consumer, partitions));
        }
    }

    /**
     * Waits for the transactions that are being ended. The broker answers before it has written all markers, and the one of the
     * group may be there before the one of the output.
     */
    private static void awaitMarkers(TestBroker broker) {
        Set<String> ending = new HashSet<>(ending(broker));
        await("the markers of " + ending).atMost(LIMIT).until(() -> {
            ending.retainAll(ending.isEmpty() ? Set.of() : ending(broker));
            return ending.isEmpty();
        });
    }

    private static Set<String> ending(TestBroker broker) {
        ListTransactionsOptions states = new ListTransactionsOptions()
                .filterStates(List.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT));
        return Answers.of(broker.admin().listTransactions(states).all()).stream()
                .map(TransactionListing::transactionalId)
                .collect(Collectors.toSet());
    }

    private static <K, V> Map<Integer, List<ConsumerRecord<K, V>>> readToEnd(
            Consumer<K, V> consumer, List<TopicPartition> partitions) {
        Map<Integer, List<ConsumerRecord<K, V>>> records = new TreeMap<>();
        partitions.forEach(partition -> records.put(partition.partition(), new ArrayList<>()));
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("could not be read within " + LIMIT + " up to " + ends);
            }
            for (ConsumerRecord<K, V> next : consumer.poll(POLL)) {
                // What came after the end was asked for belongs to the next reading.
                if (next.offset() < ends.get(new TopicPartition(next.topic(), next.partition()))) {
                    records.get(next.partition()).add(next);
                }
            }
        }
        return records;
    }

    /** What a group has committed, by partition, without a transaction that is still open; empty for an unknown group. */
    public static Map<TopicPartition, OffsetAndMetadata> committedOffsets(TestBroker broker, String group) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>(Answers.of(broker.admin()
                .listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata()));
        // The answer names partitions without a commit as well.
        offsets.values().removeIf(Objects::isNull);
        return offsets;
    }

    /** What a group has committed for a partition; waits for a transaction that is about to change it. */
    public static OffsetAndMetadata committedOffset(TestBroker broker, String group, TopicPartition partition) {
        return await(group + " has an offset of " + partition)
                .atMost(LIMIT)
                .until(() -> committedOffsets(broker, group).get(partition), Objects::nonNull);
    }

    /**
     * What was in a topic.
     *
     * @param topic its name
     * @param partitions the records of each partition, in order
     * @param <K> type of the keys
     * @param <V> type of the values
     */
    public record Content<K, V>(String topic, Map<Integer, List<ConsumerRecord<K, V>>> partitions) {

        /** All records, partition after partition. */
        public List<ConsumerRecord<K, V>> records() {
            return partitions.values().stream().flatMap(List::stream).toList();
        }

        /** How many records there are. */
        public int size() {
            return partitions.values().stream().mapToInt(List::size).sum();
        }
    }
}
