package dev.cairn.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** How a topic ends. */
final class LastRecords {

    private LastRecords() {}

    /** The last record of each partition of a topic without transactions, empty where it has none. */
    static List<Optional<ConsumerRecord<String, String>>> of(String bootstrapServers, String topic) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "none");
        try (Consumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .sorted(Comparator.comparingInt(TopicPartition::partition))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<Optional<ConsumerRecord<String, String>>> last = new ArrayList<>();
            for (TopicPartition partition : partitions) {
                last.add(last(consumer, partition, ends.get(partition)));
            }
            return last;
        }
    }

    private static Optional<ConsumerRecord<String, String>> last(
            Consumer<String, String> consumer, TopicPartition partition, long end) {
        if (end == 0) {
            return Optional.empty();
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, end - 1);
        while (true) {
            List<ConsumerRecord<String, String>> found =
                    consumer.poll(Duration.ofSeconds(1)).records(partition);
            if (!found.isEmpty()) {
                return Optional.of(found.get(0));
            }
        }
    }
}
