package dev.cairn.worker;

import static dev.cairn.checkpoint.write.CheckpointStep.METADATA_WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.OutputRecord;
import dev.cairn.api.Processor;
import dev.cairn.api.Timer;
import dev.cairn.api.Timers;
import dev.cairn.api.ValueState;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;

/** Timers fire once, in order, none early, none lost, whatever happens to the worker. */
class TimersIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;
    private static final int KEYS = 300;
    private static final long START = 1_700_000_000_000L;
    private static final long SILENCE = 150;
    private static final Duration OUT_OF_ORDERNESS = Duration.ofMillis(20);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    private TestJob job;
    private List<String> topics;

    /** A record that was sent. */
    private record Sent(int topic, long timestamp, String key) {}

    @BeforeEach
    void createJob() {
        job = new TestJob(broker, directory, PARTITIONS);
        topics = List.of(job.input(), job.addInput());
        job.set("kafka.max.poll.records", "70")
                .set("kafka.max.partition.fetch.bytes", "3000")
                .set("cairn.event-time.out-of-orderness", OUT_OF_ORDERNESS.toMillis() + "ms")
                .set("cairn.event-time.idle", "1s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rocksdb", "hashmap"})
    void shouldFireByEventTimeAsAnIndependentFoldSays(String backend) {
        // Given: two inputs of different pace, of which one goes back now and then
        job.set("execution.checkpointing.interval", "50ms")
                // Each of the two producers may find out for itself that it is fenced.
                .set("execution.checkpointing.tolerable-failed-checkpoints", "20")
                .set("state.backend", backend);
        List<List<Sent>> sent = List.of(send(0, 1), send(1, 2));

        // When: the worker goes back in the middle, and is started again, the second time on another disk
        EmbeddedWorker worker = job.worker("worker-1", Silence::new);
        try (worker) {
            StepGate.Hold held = worker.gate().holdAt(METADATA_WRITTEN);
            worker.start();
            for (int i = 1; i <= 3; i++) {
                held.awaitHeld();
                job.fence(job.transactionalIds("worker-1"));
                StepGate.Hold before = held;
                held = worker.gate().holdAt(METADATA_WRITTEN);
                before.release();
                worker.awaitRollBacks(i);
            }
            held.release();
            worker.awaitProcessed(1_500);
        }
        job.awaitNoMembers();
        job.set("taskmanager.state.local.root-dirs", directory.resolve("other").toString());
        List<List<String>> expected = List.of(fold(sent.get(0)), fold(sent.get(1)));
        try (EmbeddedWorker again = job.worker("worker-1", Silence::new).start()) {
            await().atMost(LIMIT)
                    .until(() -> results(0).size() >= expected.get(0).size());
            await().atMost(LIMIT)
                    .until(() -> results(1).size() >= expected.get(1).size());
            assertThat(again.rollBacks()).isZero();
        }

        // Then
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(results(partition)).as("partition " + partition).isEqualTo(expected.get(partition));
        }
        long watermark = job.namedCheckpoint(0).eventTime().watermark();
        assertThat(watermark)
                .isEqualTo(sent.get(0).stream().mapToLong(Sent::timestamp).max().orElseThrow()
                        - OUT_OF_ORDERNESS.toMillis());
    }

    @Test
    void shouldFireByTheClockAcrossARestart() {
        // Given: timers that are pending when the worker stops
        try (EmbeddedWorker worker = job.worker("worker-1", Later::new).start().awaitRunning(0)) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                records.add(new ProducerRecord<>(topics.get(i % 2), i % PARTITIONS, bytes("k" + i), bytes("2000")));
            }
            Topics.send(broker, records);
            job.awaitCommitted();
            assertThat(worker.rollBacks()).isZero();
        }
        job.awaitNoMembers();
        int before = Readers.readCommitted(broker, job.output()).size();

        // When
        try (EmbeddedWorker again = job.worker("worker-1", Later::new).start()) {
            await().atMost(LIMIT)
                    .until(() -> Readers.readCommitted(broker, job.output()).size() >= KEYS);
            assertThat(again.status().records()).isZero();
        }

        // Then: each once, and none before its time
        List<ConsumerRecord<String, String>> fired =
                Readers.readCommitted(broker, job.output()).records();
        assertThat(before).isLessThan(KEYS);
        Set<String> keys = new HashSet<>();
        for (ConsumerRecord<String, String> result : fired) {
            assertThat(keys.add(result.key())).as(result.key()).isTrue();
            assertThat(result.timestamp()).isGreaterThanOrEqualTo(Long.parseLong(result.value()));
        }
        assertThat(keys).hasSize(KEYS);
    }

    @Test
    void shouldFireWhileABacklogIsReadAndAnotherInputIsEmpty() {
        // Given: polls are full until the end
        job.set("kafka.max.poll.records", "10").set("cairn.event-time.idle", "500ms");
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < Backlog.RECORDS; i++) {
            records.add(new ProducerRecord<>(topics.get(0), 0, START + i, bytes("k" + i), bytes("x")));
        }
        Topics.send(broker, records);
        AtomicInteger processedAtFirst = new AtomicInteger();

        // When
        try (EmbeddedWorker worker =
                job.worker("worker-1", () -> new Backlog(processedAtFirst)).start()) {
            worker.awaitProcessed(Backlog.RECORDS);
        }

        // Then
        assertThat(processedAtFirst.get()).isPositive().isLessThan(Backlog.RECORDS);
    }

    /** Sends to both topics; the second is slower, and both end at the same time. */
    private List<Sent> send(int partition, long seed) {
        Random random = new Random(seed);
        List<Sent> all = new ArrayList<>();
        for (int topic = 0; topic < 2; topic++) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            int count = topic == 0 ? 2_000 : 500;
            for (int i = 0; i < count; i++) {
                long timestamp = START + 4_000L * i / count - (i % 50 == 49 ? 40 : 0);
                String key = "p" + partition + "-k" + random.nextInt(KEYS);
                all.add(new Sent(topic, timestamp, key));
                records.add(new ProducerRecord<>(topics.get(topic), partition, timestamp, bytes(key), bytes("x")));
            }
            Topics.send(broker, records);
        }
        return all;
    }

    /** What has to come out of a partition, by plain collections. */
    private static List<String> fold(List<Sent> sent) {
        record Due(long time, String key) {}
        List<List<Sent>> byTopic = List.of(
                sent.stream().filter(each -> each.topic() == 0).toList(),
                sent.stream().filter(each -> each.topic() == 1).toList());
        TreeSet<Due> due = new TreeSet<>(Comparator.comparingLong(Due::time).thenComparing(Due::key));
        Map<String, Long> times = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        List<String> results = new ArrayList<>();
        int[] next = {0, 0};
        long[] largest = {Long.MIN_VALUE, Long.MIN_VALUE};
        while (true) {
            boolean end = next[0] == byTopic.get(0).size()
                    && next[1] == byTopic.get(1).size();
            Sent record = null;
            if (!end) {
                int topic = next[1] == byTopic.get(1).size()
                                || (next[0] < byTopic.get(0).size()
                                        && byTopic.get(0).get(next[0]).timestamp()
                                                <= byTopic.get(1).get(next[1]).timestamp())
                        ? 0
                        : 1;
                record = byTopic.get(topic).get(next[topic]++);
                largest[topic] = Math.max(largest[topic], record.timestamp());
            }
            // In the end, both inputs are idle.
            long least = end ? Math.max(largest[0], largest[1]) : Math.min(largest[0], largest[1]);
            long watermark = least == Long.MIN_VALUE ? least : least - OUT_OF_ORDERNESS.toMillis();
            while (!due.isEmpty() && due.first().time() <= watermark) {
                Due fired = due.pollFirst();
                times.remove(fired.key());
                results.add(fired.key() + " " + fired.time() + " " + counts.remove(fired.key()));
            }
            if (end) {
                return results;
            }
            counts.merge(record.key(), 1, Integer::sum);
            Long before = times.put(record.key(), record.timestamp() + SILENCE);
            if (before != null) {
                due.remove(new Due(before, record.key()));
            }
            due.add(new Due(record.timestamp() + SILENCE, record.key()));
        }
    }

    private List<String> results(int partition) {
        return Readers.readCommitted(broker, job.output()).partitions().getOrDefault(partition, List.of()).stream()
                .map(result -> result.key() + " " + result.timestamp() + " " + result.value())
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Says how many records a key had before it fell silent. */
    private static final class Silence implements Processor<String, String, String, String> {

        private int partition;
        private Output<String, String> output;
        private ValueState<Integer> count;
        private Timers silent;

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            partition = declare.partition();
            declare.input(Serdes.String(), Serdes.String());
            output = declare.output(Serdes.String(), Serdes.String());
            count = declare.valueState("count", Serdes.Integer());
            silent = declare.eventTimers("silent", Serdes.String(), this::silent);
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> results) {
            count.update(count.valueOr(0) + 1);
            silent.set(input.timestamp() + SILENCE);
        }

        private void silent(Timer<String> timer) {
            output.emit(OutputRecord.of(timer.key(), Integer.toString(count.value()))
                    .to(partition));
            count.update(null);
        }
    }

    /** Emits each key as many milliseconds later as its value says, with the time for which that was set. */
    private static final class Later implements Processor<String, String, String, String> {

        private Output<String, String> output;
        private Timers later;

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            output = declare.output(Serdes.String(), Serdes.String());
            later = declare.processingTimers("later", Serdes.String(), this::later);
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> results) {
            later.set(later.now() + Long.parseLong(input.value()));
        }

        private void later(Timer<String> timer) {
            output.emit(timer.key(), Long.toString(timer.time()));
        }
    }

    /** Takes its time, and notes when its first timer fires. */
    private static final class Backlog implements Processor<String, String, String, String> {

        private static final int RECORDS = 3_000;

        private final AtomicInteger processedAtFirst;
        private Timers timers;
        private int processed;

        private Backlog(AtomicInteger processedAtFirst) {
            this.processedAtFirst = processedAtFirst;
        }

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            declare.output(Serdes.String(), Serdes.String());
            timers =
                    declare.eventTimers("next", Serdes.String(), timer -> processedAtFirst.compareAndSet(0, processed));
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> results) {
            LockSupport.parkNanos(1_000_000);
            timers.set(input.timestamp() + 1);
            processed++;
        }
    }
}
