package dev.cairn.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.TestData;
import dev.cairn.testkit.verify.AggregateVerifier;

class TopicsIT {

    private final TestBroker broker = Brokers.shared();

    @Test
    void shouldLoadFileAndReadItBack() {
        // Given
        Path flights = TestData.flights();
        broker.createTopic("topics-flights", 4);

        // When
        long count = Topics.load(broker, "topics-flights", flights, "/origin");

        // Then
        Readers.Content<String, String> content = Readers.readCommitted(broker, "topics-flights");
        AggregateVerifier verifier = AggregateVerifier.ofFile(flights, "/origin", "/delay");
        assertThat(count).isEqualTo(20_000).isEqualTo(verifier.inputs());
        assertThat(content.size()).isEqualTo(20_000);
        assertThat(content.partitions()).hasSize(4);
        assertThat(content.records().stream().map(ConsumerRecord::key).distinct())
                .hasSize(verifier.keys());
    }

    @Test
    void shouldDropRecordsBelowOffset() {
        // Given
        broker.createTopic("topics-dropped", 1);
        Topics.send(broker, "topics-dropped", "a", "0");
        Topics.send(broker, "topics-dropped", null, "1");
        Topics.send(broker, "topics-dropped", "a", null);

        // When
        broker.deleteRecords("topics-dropped", 0, 1);

        // Then
        assertThat(Readers.readUncommitted(broker, "topics-dropped").records())
                .extracting(ConsumerRecord::offset)
                .containsExactly(1L, 2L);
    }

    @Test
    void shouldShowCommittedOffsetsWithMetadata() {
        // Given
        TopicPartition partition = new TopicPartition("topics-committed", 0);
        broker.createTopic(partition.topic(), 2);
        Topics.send(broker, partition.topic(), "a", "1");

        // When
        Answers.of(broker.admin()
                .alterConsumerGroupOffsets(
                        "topics-committed", Map.of(partition, new OffsetAndMetadata(1, "checkpoint")))
                .all());

        // Then
        Map<TopicPartition, OffsetAndMetadata> committed = Readers.committedOffsets(broker, "topics-committed");
        assertThat(committed.keySet()).isEqualTo(Set.of(partition));
        assertThat(committed.get(partition).metadata()).isEqualTo("checkpoint");
        assertThat(Readers.committedOffsets(broker, "topics-nobody")).isEmpty();
    }
}
