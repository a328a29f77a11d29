package dev.cairn.worker;

import static dev.cairn.checkpoint.write.CheckpointStep.METADATA_WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;

/** Two input topics: the records of each partition number are processed in the order of their timestamps. */
class InputOrderIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;
    private static final long START = 1_700_000_000_000L;

    private final TestBroker broker = Brokers.shared();
    private final List<List<Sent>> sent = List.of(new ArrayList<>(), new ArrayList<>());

    @TempDir
    Path directory;

    private TestJob job;
    private List<String> topics;

    /** A record that was sent. */
    private record Sent(int partition, long timestamp, String name) {}

    @BeforeEach
    void createJob() {
        job = new TestJob(broker, directory, PARTITIONS);
        String second = job.addInput();
        topics = List.of(job.input(), second);
        // Several polls, and several answers of the broker, whose ends fall anywhere.
        job.set("kafka.max.poll.records", "70").set("kafka.max.partition.fetch.bytes", "3000");
    }

    @SuppressWarnings("try") // The worker only has to run.
    @Test
    void shouldMergeAfterDowntime() {
        // Given
        send(0, 1, 0, 20);
        send(1, 1, 0, 20);
        try (EmbeddedWorker worker = start("worker-1")) {
            job.awaitCommitted();
        }
        job.awaitNoMembers();
        // The first topic is later by a second: all of it used to be processed first.
        send(0, 1, 1_500, 3_000);
        send(1, 1, 500, 3_000);

        // When
        try (EmbeddedWorker worker = start("worker-1")) {
            job.awaitCommitted();
            assertThat(worker.rollBacks()).isZero();
        }

        // Then
        verify();
    }

    @Test
    void shouldMergeWhatCameWhileProcessingWasPaused() {
        // Given
        send(0, 1, 0, 100);
        send(1, 1, 0, 100);
        try (EmbeddedWorker worker = start("worker-1")) {
            job.awaitCommitted();
            worker.worker().pause();
            await().atMost(LIMIT).until(() -> worker.worker().isPaused());
            send(0, 2, 1_500, 1_000);
            send(1, 2, 500, 1_000);

            // When
            worker.worker().resume();
            job.awaitCommitted();
        }

        // Then
        verify();
    }

    @Test
    void shouldWaitForAnEmptyTopicNoLongerThanIsSet() {
        // Given
        job.set("cairn.input.max-idle", "2s");
        try (EmbeddedWorker worker = start("worker-1").awaitRunning(1)) {
            long began = System.nanoTime();

            // When: the second topic follows within the wait, with an earlier time, but only in one partition.
            send(0, 1, 100, 1_500);
            await().during(Duration.ofMillis(500))
                    .atMost(LIMIT)
                    .until(() -> worker.status().records() == 0);
            sendTo(1, 0, 1, 50, 1_000);
            job.awaitCommitted();

            // Then
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(2));
            verify();
        }
    }

    @SuppressWarnings("try") // The worker only has to run.
    @Test
    void shouldNotWaitForATopicOfWhichTheBrokerHasNoMore() {
        // Given
        try (EmbeddedWorker worker = start("worker-1").awaitRunning(0).awaitRunning(1)) {

            // When
            send(0, 1, 0, 2_500);

            // Then
            job.awaitCommitted();
            verify();
        }
    }

    @Test
    void shouldCountEachRecordOnceInOrderWhenItGoesBackInTheMiddle() {
        // Given
        job.set("execution.checkpointing.interval", "50ms")
                // Each of the two producers may find out for itself that it is fenced.
                .set("execution.checkpointing.tolerable-failed-checkpoints", "20");
        send(0, 1, 1_000, 2_000);
        send(1, 2, 0, 1_500);
        EmbeddedWorker worker = job.worker("worker-1", Sequence::new);
        try (worker) {
            StepGate.Hold held = worker.gate().holdAt(METADATA_WRITTEN);
            worker.start();
            for (int i = 1; i <= 3; i++) {
                held.awaitHeld();

                // When
                job.fence(job.transactionalIds("worker-1"));
                StepGate.Hold before = held;
                held = worker.gate().holdAt(METADATA_WRITTEN);
                before.release();
                worker.awaitRollBacks(i);
            }
            held.release();
            job.awaitCommitted();
        }

        // Then
        verify();
    }

    @Test
    void shouldMergeAcrossWorkersWhenAPartitionMoves() {
        // Given
        send(0, 1, 1_000, 4_000);
        send(1, 1, 0, 4_000);
        job.set("execution.checkpointing.interval", "50ms");
        try (EmbeddedWorker first = start("worker-1")) {
            first.awaitProcessed(500);

            // When
            try (EmbeddedWorker second = start("worker-2")) {
                await().atMost(LIMIT).until(() -> second.status().partitions().size() == 1);
                job.awaitCommitted();
            }
        }

        // Then
        verify();
    }

    private EmbeddedWorker start(String instance) {
        return job.worker(instance, Sequence::new).start();
    }

    private void send(int topic, int step, long from, int count) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            sendTo(topic, partition, step, from, count);
        }
    }

    /** Sends records whose timestamps follow each other, and now and then go back. */
    private void sendTo(int topic, int partition, int step, long from, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long timestamp = START + from + (long) i * step - (i % 50 == 49 ? 20 : 0);
            String name = topic + "." + sent.get(topic).size();
            sent.get(topic).add(new Sent(partition, timestamp, name));
            records.add(
                    new ProducerRecord<>(topics.get(topic), partition, timestamp, bytes("p" + partition), bytes(name)));
        }
        Topics.send(broker, records);
    }

    /** Each record once, and in the order of a merge. */
    private void verify() {
        verifyCounts();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(processed(partition)).as("partition " + partition).isEqualTo(merged(partition));
        }
    }

    /** The state counted each record of a partition once, in the order of the output. */
    private void verifyCounts() {
        for (List<String> results : results().values()) {
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i)).endsWith(" " + (i + 1));
            }
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(processed(partition)).doesNotHaveDuplicates().hasSize((int) expected(partition));
        }
    }

    private long expected(int partition) {
        return sent.stream()
                .flatMap(List::stream)
                .filter(record -> record.partition() == partition)
                .count();
    }

    private List<String> processed(int partition) {
        return results().getOrDefault("p" + partition, List.of()).stream()
                .map(result -> result.substring(0, result.indexOf(' ')))
                .toList();
    }

    private Map<String, List<String>> results() {
        Map<String, List<String>> results = new TreeMap<>();
        for (ConsumerRecord<String, String> result :
                Readers.readCommitted(broker, job.output()).records()) {
            results.computeIfAbsent(result.key(), key -> new ArrayList<>()).add(result.value());
        }
        return results;
    }

    private List<String> merged(int partition) {
        List<Sent> first = of(0, partition);
        List<Sent> second = of(1, partition);
        List<String> merged = new ArrayList<>();
        int a = 0;
        int b = 0;
        while (a < first.size() || b < second.size()) {
            boolean takeFirst = b == second.size()
                    || (a < first.size()
                            && first.get(a).timestamp() <= second.get(b).timestamp());
            merged.add((takeFirst ? first.get(a++) : second.get(b++)).name());
        }
        return merged;
    }

    private List<Sent> of(int topic, int partition) {
        return sent.get(topic).stream()
                .filter(record -> record.partition() == partition)
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Says in which order it has seen the records of a key. */
    private static final class Sequence implements Processor<String, String, String, String> {

        private ValueState<Long> count;

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            declare.output(Serdes.String(), Serdes.String());
            count = declare.valueState("count", Serdes.Long());
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {
            long now = count.valueOr(0L) + 1;
            count.update(now);
            output.emit(input.key(), input.value() + " " + now);
        }
    }
}
