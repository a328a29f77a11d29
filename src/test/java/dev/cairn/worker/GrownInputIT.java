package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.store.Savepoints;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerStatus;

/** An input that gets more partitions while records are produced by key: no key begins from 1 again, and none is lost. */
class GrownInputIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern COUNT = Pattern.compile("\"count\":(\\d+),");
    private static final int KEYS = 40;

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldHoldTheWholeJobAndGoOnFromARescaledSavepoint() {
        // Given: a partition on each of two workers, under load
        TestJob job = new TestJob(broker, directory, 2).set("kafka.metadata.max.age.ms", "1000");
        Load load = new Load(job.input());
        try (EmbeddedWorker first = job.start("worker-1");
                EmbeddedWorker second = job.start("worker-2")) {
            job.awaitMembers(2);
            load.start();
            first.awaitProcessed(100);
            second.awaitProcessed(100);
            await("checkpoints of both")
                    .atMost(LIMIT)
                    .until(() -> job.named(0).number() > 2 && job.named(1).number() > 2);

            // When
            Answers.of(broker.admin()
                    .createPartitions(Map.of(job.input(), NewPartitions.increaseTo(3)))
                    .all());
            load.awaitRecordIn(2);

            // Then
            await("the whole job holds").atMost(LIMIT).until(() -> parked(first, second)
                    .equals(List.of(0, 1, 2)));
            assertThat(causes(first, second)).hasSize(3).allSatisfy(cause -> assertThat(cause)
                    .contains(job.input() + " has 3 partitions", "when it had 2", "cairn savepoint rescale"));
        } finally {
            load.end();
        }
        job.awaitNoMembers();
        verifyThatNoKeyBeginsAgain(Readers.readCommitted(broker, job.output()));

        // When: what the savepoint lacks is copied into a topic of its own
        Path savepoint = directory.resolve("savepoints/held");
        Savepoint made = Savepoints.create(job.checkpoints().resolve(job.name()), savepoint);
        assertThat(made.partitions()).hasSize(2).allSatisfy(partition -> assertThat(
                        partition.checkpoint().positions().get(0).offset())
                .isEqualTo(job.committed(partition.checkpoint().partition()).offset()));
        Path rescaled = directory.resolve("savepoints/rescaled");
        Savepoints.rescale(savepoint, rescaled, 3);
        int copied = copyRest(job, job.name() + "-grown");
        job.set("cairn.input.topics", job.name() + "-grown").set("execution.state-recovery.path", rescaled.toString());
        try (EmbeddedWorker worker = job.start("worker-1")) {
            worker.awaitProcessed(copied);
        }

        // Then
        load.account.verifyExactlyOnce(Readers.readCommitted(broker, job.output()));
    }

    private static List<Integer> parked(EmbeddedWorker... workers) {
        return Stream.of(workers)
                .flatMap(worker -> worker.status().partitions().stream())
                .filter(partition -> partition.state() == PartitionState.PARKED)
                .map(WorkerStatus.PartitionInfo::number)
                .sorted()
                .toList();
    }

    private static List<String> causes(EmbeddedWorker... workers) {
        return Stream.of(workers)
                .flatMap(worker -> worker.status().partitions().stream())
                .map(WorkerStatus.PartitionInfo::parkedBecause)
                .toList();
    }

    private static void verifyThatNoKeyBeginsAgain(Readers.Content<String, String> output) {
        Map<String, Integer> counts = new HashMap<>();
        for (ConsumerRecord<String, String> result : output.records()) {
            Matcher count = COUNT.matcher(result.value());
            assertThat(count.find()).isTrue();
            assertThat(Integer.parseInt(count.group(1)))
                    .as("result of %s at %d", result.key(), result.offset())
                    .isEqualTo(counts.merge(result.key(), 1, Integer::sum));
        }
        assertThat(counts).isNotEmpty();
    }

    /** Copies what no checkpoint has seen, in the order of the records' times, by key. @return how much it was */
    private int copyRest(TestJob job, String target) {
        Map<Integer, Long> seen =
                Map.of(0, job.committed(0).offset(), 1, job.committed(1).offset());
        List<ConsumerRecord<byte[], byte[]>> rest = new ArrayList<>(Readers.read(
                        broker,
                        job.input(),
                        IsolationLevel.READ_COMMITTED,
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())
                .records());
        rest.removeIf(record -> record.offset() < seen.getOrDefault(record.partition(), 0L));
        rest.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
        broker.createTopic(target, 3);
        Topics.send(
                broker,
                rest.stream()
                        .map(record -> new ProducerRecord<>(target, record.key(), record.value()))
                        .toList());
        return rest.size();
    }

    /** Produces by key until it is told to end, as an application that hears of new partitions soon. */
    private final class Load extends Thread {

        private final String topic;
        private final AggregateVerifier account = new AggregateVerifier();
        private final Map<Integer, Long> sent = new HashMap<>();
        private volatile boolean ending;

        Load(String topic) {
            this.topic = topic;
        }

        @Override
        public void run() {
            Map<String, Object> settings =
                    Map.of("bootstrap.servers", broker.bootstrapServers(), "metadata.max.age.ms", 300);
            try (Producer<byte[], byte[]> producer =
                    new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (int i = 0; !ending; i++) {
                    String key = "key-" + i % KEYS;
                    int partition = producer.send(new ProducerRecord<>(topic, bytes(key), bytes("1")))
                            .get()
                            .partition();
                    synchronized (sent) {
                        account.expect(key, BigDecimal.ONE);
                        sent.merge(partition, 1L, Long::sum);
                    }
                }
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        void awaitRecordIn(int partition) {
            await("a record in partition " + partition).atMost(LIMIT).until(() -> {
                synchronized (sent) {
                    return sent.containsKey(partition);
                }
            });
        }

        void end() {
            ending = true;
            try {
                join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
