package dev.cairn.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.protocol.GroupView;
import dev.cairn.checkpoint.protocol.GroupView.Members;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;

class GroupPointersIT {

    private static final String JOB = "group-pointers";
    private static final CheckpointId SEVEN = new CheckpointId(7, "uid-7");
    private static final CheckpointId EIGHT = new CheckpointId(8, "uid-8");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TestBroker broker = Brokers.shared();

    @BeforeEach
    void createTopic() {
        broker.createTopic(JOB, 2);
    }

    @Test
    @Tag("rule-R2")
    void shouldReadWhatIsNamedOncePendingTransactionsHaveEnded() throws Exception {
        // Given
        GroupPointers unknown = new GroupPointers(broker.admin(), JOB + "-unknown", LIMIT);
        GroupPointers patient = new GroupPointers(broker.admin(), JOB, LIMIT);
        GroupPointers hasty = new GroupPointers(broker.admin(), JOB, Duration.ZERO);
        assertThat(unknown.look(0, Set.of(JOB))).isEqualTo(new GroupView(Set.of(), Members.NONE));
        try (Producer<byte[], byte[]> producer = producer()) {
            producer.initTransactions();

            // When: the first one ever
            send(producer, SEVEN);

            // Then
            assertThatThrownBy(() -> hasty.look(0, Set.of(JOB)))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("an open transaction holds up the offsets of partition 0 of group " + JOB);
            assertThat(hasty.look(1, Set.of(JOB)).named()).isEmpty();

            // When
            producer.commitTransaction();

            // Then
            GroupView named = new GroupView(Set.of(SEVEN), Members.NONE);
            assertThat(patient.look(0, Set.of(JOB))).isEqualTo(named);
            assertThat(patient.look(0, Set.of()))
                    .as("with the topics that the group itself knows")
                    .isEqualTo(named);

            // When
            send(producer, EIGHT);
            CompletableFuture<GroupView> waiting = CompletableFuture.supplyAsync(() -> patient.look(0, Set.of(JOB)));
            producer.commitTransaction();

            // Then
            assertThat(waiting).succeedsWithin(LIMIT);
            assertThat(waiting.get().named()).containsExactly(EIGHT);
        }
    }

    private static void send(Producer<byte[], byte[]> producer, CheckpointId id) {
        producer.beginTransaction();
        producer.sendOffsetsToTransaction(
                Map.of(new TopicPartition(JOB, 0), new OffsetAndMetadata(id.number(), id.toPointer())),
                new ConsumerGroupMetadata(JOB));
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", JOB),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
