package dev.cairn.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.state.Change;
import dev.cairn.state.EventTime;
import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.PartitionTime;
import dev.cairn.state.RocksResources;
import dev.cairn.state.SstFiles;
import dev.cairn.state.StateDescriptor;
import dev.cairn.state.StateMemory;
import dev.cairn.testkit.worker.WorkerSettings;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.output.Refusal;
import dev.cairn.worker.output.SendResults;
import dev.cairn.worker.output.TimerRecord;
import dev.cairn.worker.record.RecordCounts;
import dev.cairn.worker.record.RecordErrors;
import dev.cairn.worker.record.RecordPipeline;

/**
 * The processor {@code window}, where a broker refuses results after they were sent: the loop is rolled back, and comes to the
 * same timers again.
 */
class WindowRefusalsTest {

    private static final String TOPIC = "input";
    private static final int PARTITION = 3;

    @TempDir
    Path directory;

    private final List<String> skipped = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final Broker broker = new Broker();
    private RecordErrors errors;
    private RocksResources resources;
    private PartitionDatabase database;
    private KeyedState state;
    private RecordPipeline pipeline;
    private long offset;

    /** Takes results, but for some. */
    private static final class Broker implements Outputs {

        private final List<String> taken = new ArrayList<>();
        private final List<Refusal> refused = new ArrayList<>();
        private Predicate<String> refuses = result -> false;
        private ConsumerRecord<?, ?> input;

        @Override
        public SendResults.Origin origin(ConsumerRecord<?, ?> of) {
            input = of;
            return null;
        }

        @Override
        public void send(ProducerRecord<byte[], byte[]> record, SendResults.Origin origin) {
            String result = WindowJob.text(record.key()) + "=" + WindowJob.text(record.value());
            if (!refuses.test(result)) {
                taken.add(result);
                return;
            }
            refused.add(new Refusal(
                    new TopicPartition(input.topic(), input.partition()),
                    input.offset(),
                    record.topic(),
                    new InvalidTimestampException("too old"),
                    false,
                    true,
                    input instanceof TimerRecord timer ? timer.key() : null));
        }

        @Override
        public List<Refusal> rollBack() {
            List<Refusal> all = List.copyOf(refused);
            refused.clear();
            taken.clear();
            return all;
        }

        @Override
        public void add(String topic, String setting) {}

        @Override
        public void start() {}

        @Override
        public boolean isStarted() {
            return true;
        }

        @Override
        public void requireSendable(ProducerRecord<byte[], byte[]> record) {}

        @Override
        public SendResults.Origin deadLetterOrigin(ConsumerRecord<?, ?> of) {
            return null;
        }

        @Override
        public void check() {}

        @Override
        public void flush() {}

        @Override
        public Frozen freeze() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> transactionalIds() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private final class Counts implements RecordCounts {

        @Override
        public void failed(ConsumerRecord<byte[], byte[]> record, String stage, Exception error) {
            skipped.add(record.topic() + "@" + record.offset() + " " + stage);
        }

        @Override
        public void retried() {}

        @Override
        public void skipped() {}

        @Override
        public void deadLetter() {}
    }

    @BeforeEach
    void open() {
        resources = new RocksResources(8L << 20);
        database = PartitionDatabase.open(directory.resolve("db"), resources);
        errors = new RecordErrors(settings().read().job(), broker, new Counts());
    }

    private static WorkerSettings settings() {
        return new WorkerSettings()
                .job("broker:9092", "windows")
                .reads(TOPIC)
                .writes("out")
                .checkpointsIn("unused")
                .set("cairn.errors", "skip");
    }

    private void start(Map<String, String> window, List<StateDescriptor> stored, EventTime time) {
        PartitionTime partitionTime = new PartitionTime(Duration.ofSeconds(40), Duration.ofSeconds(1), () -> 0);
        partitionTime.start(List.of(TOPIC), time);
        state = new KeyedState(database, StateMemory.caching(1L << 20, 1L << 20), stored, partitionTime);
        pipeline = RecordPipeline.open(
                PARTITION,
                new WindowProcessor(WindowJob.config(window)),
                state,
                errors,
                settings().read().job(),
                broker);
    }

    @AfterEach
    void close() {
        pipeline.close();
        state.close();
        database.close();
        resources.close();
    }

    @Test
    void shouldLeaveOutOnlyTheResultsThatAreRefused() {
        // Given
        start(Map.of("cairn.window.size", "10s"), List.of(), null);
        broker.refuses = result -> result.contains("\"start\":0,") || result.startsWith("a={\"start\":20000,");
        for (int second = 5; second < 50; second += 10) {
            receive("a", second);
        }
        receive("b", 5);
        receive("b", 15);

        // When: "a" and "b" get no more records
        receive("c", 100);
        rollBackUntilNothingIsRefused();

        // Then
        assertThat(broker.taken)
                .containsExactly(
                        "a={\"start\":10000,\"end\":20000,\"count\":1}",
                        "b={\"start\":10000,\"end\":20000,\"count\":1}",
                        "a={\"start\":30000,\"end\":40000,\"count\":1}",
                        "a={\"start\":40000,\"end\":50000,\"count\":1}");
        assertThat(skipped).containsExactly("timer ends@10000 send", "timer ends@10000 send", "timer ends@30000 send");
        assertThat(state.time().timers()).isEqualTo(timersOfOneKey());
    }

    /** A timer that was set for windows of another size does not know for which window it fires. */
    @Test
    void shouldNotTakeAResultForOneThatWasRefused() {
        // Given: a timer for the end of the window that begins at 0
        start(Map.of("cairn.window.size", "30s"), List.of(), null);
        receive("a", 5);
        restart(Map.of("cairn.window.size", "10s"));
        broker.refuses = result -> result.contains("\"start\":0,");

        // When: another window has its end at the same time
        receive("a", 25);
        receive("c", 100);
        rollBackUntilNothingIsRefused();

        // Then
        assertThat(broker.taken).containsExactly("a={\"start\":20000,\"end\":30000,\"count\":1}");
        assertThat(skipped).containsExactly("timer ends@10000 send");
        assertThat(state.time().timers()).isEqualTo(timersOfOneKey());
    }

    /** Of the key whose window has not ended. */
    private static int timersOfOneKey() {
        return 2;
    }

    private void receive(String key, long second) {
        records.add(new ConsumerRecord<>(
                TOPIC,
                PARTITION,
                offset++,
                second * 1000,
                TimestampType.CREATE_TIME,
                0,
                0,
                WindowJob.bytes(key),
                new byte[0],
                new RecordHeaders(),
                Optional.empty()));
        process(records.get(records.size() - 1));
    }

    /** As the loop does. */
    private void process(ConsumerRecord<byte[], byte[]> record) {
        pipeline.timers().beginTurn(System.nanoTime());
        assertThat(pipeline.timers().fireBefore(TOPIC, record.timestamp())).isTrue();
        assertThat(pipeline.process(record)).isTrue();
        assertThat(pipeline.timers().fire()).isTrue();
    }

    private void rollBackUntilNothingIsRefused() {
        while (!broker.refused.isEmpty()) {
            pipeline.rollBack();
            state.rollBack();
            skipped.clear();
            assertThat(errors.refused(broker.rollBack())).as("news").isTrue();
            records.forEach(this::process);
        }
    }

    /** After a checkpoint, with other settings. */
    private void restart(Map<String, String> window) {
        List<Change> changes = state.freeze();
        changes.sort(Change.BY_KEY);
        Path file = directory.resolve("checkpoint.sst");
        SstFiles.write(file, "checkpoint", changes, resources);
        database.ingest(List.of(file));
        List<StateDescriptor> stored = state.descriptors();
        EventTime time = state.time().freeze();
        pipeline.close();
        state.close();
        records.clear();
        start(window, stored, time);
    }
}
