package dev.cairn.worker.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.Timer;
import dev.cairn.api.Timers;
import dev.cairn.api.ValueState;
import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.PartitionTime;
import dev.cairn.state.RocksResources;
import dev.cairn.state.StateMemory;
import dev.cairn.testkit.worker.WorkerSettings;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.output.Refusal;
import dev.cairn.worker.status.StopWorkerException;

/** Timers between records, through the pipeline and over a real RocksDB. */
class FiringTimersTest {

    private static final String TOPIC = "orders";

    @TempDir
    Path directory;

    private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    private final Commands processor = new Commands();
    private final Counts counts = new Counts();
    private final WorkerSettings settings = new WorkerSettings();
    private long clock = 1_000_000;
    private long offset;
    private RocksResources resources;
    private PartitionDatabase database;
    private KeyedState state;
    private RecordErrors errors;
    private RecordPipeline pipeline;

    private static final class Counts implements RecordCounts {
        private int retried;
        private int skipped;
        private int deadLetters;

        @Override
        public void retried() {
            retried++;
        }

        @Override
        public void skipped() {
            skipped++;
        }

        @Override
        public void deadLetter() {
            deadLetters++;
        }
    }

    /**
     * Says which keys have been silent for 30 ms of event time, and how many records a key had 50 ms of the clock ago. A value
     * is a command: {@code at N} sets the timer to that time, {@code fail} lets it fail.
     */
    private static final class Commands implements Processor<String, String, String, String> {

        private ValueState<String> last;
        private Timers silent;
        private Timers later;
        private Output<String, String> output;
        private Declaration<String, String, String, String> declaration;
        private int again;

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declaration = declare;
            declare.input(Serdes.String(), Serdes.String());
            output = declare.output(Serdes.String(), Serdes.String());
            last = declare.valueState("last", Serdes.String());
            silent = declare.eventTimers("silent", Serdes.String(), this::silent);
            later = declare.processingTimers("later", Serdes.String(), this::later);
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> results) {
            last.update(input.value());
            if (input.value().startsWith("at ")) {
                silent.set(Long.parseLong(input.value().substring(3)));
            } else {
                silent.set(declaration.watermark() + 30);
            }
            later.set(later.now() + 50);
            results.emit(input.key(), input.value());
        }

        private void silent(Timer<String> timer) {
            assertThat(silent.at()).isEmpty();
            output.emit(timer.key(), timer.name() + " at " + timer.time() + " since " + last.value());
            String value = last.value();
            last.update(null);
            if ("fail".equals(value)) {
                throw new IllegalStateException("told to fail");
            }
            if (again > 0) {
                again--;
                silent.set(timer.time());
            }
        }

        private void later(Timer<String> timer) {
            output.emit(timer.key(), timer.name());
        }
    }

    @BeforeEach
    void open() {
        resources = new RocksResources(8L << 20);
        database = PartitionDatabase.open(directory.resolve("db"), resources);
        open("fail");
    }

    private void open(String policy) {
        open(policy, processor);
    }

    private void open(String policy, Processor<String, String, String, String> processor) {
        PartitionTime time = new PartitionTime(Duration.ZERO, Duration.ofSeconds(1), () -> clock);
        time.start(List.of(TOPIC), null);
        state = new KeyedState(database, StateMemory.caching(1L << 20, 1L << 20), List.of(), time);
        settings.job("broker:9092", "silence")
                .reads(TOPIC)
                .writes("out")
                .checkpointsIn("unused")
                .set("cairn.errors", policy)
                .set("cairn.dead-letter.topic", "broken");
        Outputs outputs = new SentRecords(sent);
        errors = new RecordErrors(settings.read().job(), outputs, counts);
        pipeline =
                RecordPipeline.open(3, processor, state, errors, settings.read().job(), outputs);
    }

    @AfterEach
    void close() {
        state.close();
        database.close();
        resources.close();
    }

    @Test
    void shouldFireInOrderOfTimeBeforeTheRecordThatMovesTheWatermark() {
        // Given
        receive("a", 0, "a0");
        receive("b", 10, "b10");
        receive("a", 15, "a15");

        // When: one who is back had been silent for too long before
        receive("b", 50, "b50");

        // Then
        assertThat(results())
                .containsExactly(
                        "a=a0", "b=b10", "a=a15", "b=silent at 40 since b10", "a=silent at 45 since a15", "b=b50");
        assertThat(sent.get(3).timestamp()).isEqualTo(40);
        assertThat(sent.get(4).timestamp()).isEqualTo(45);
        assertThat(sent.get(5).timestamp()).isEqualTo(50);
    }

    @Test
    void shouldFireByTheClockWithoutRecords() {
        // Given
        receive("a", 0, "a0");
        clock += 49;
        fire();
        assertThat(results()).containsExactly("a=a0");

        // When
        clock += 3;
        fire();
        fire();

        // Then
        assertThat(results()).containsExactly("a=a0", "a=later");
        assertThat(sent.get(1).timestamp()).isEqualTo(clock);
    }

    @Test
    void shouldFireAtOnceWhatIsDueAlready() {
        // When
        receive("a", 100, "at 70");
        receive("b", 100, "b");

        // Then
        assertThat(results()).containsExactly("a=at 70", "a=silent at 70 since at 70", "b=b");
    }

    @Test
    void shouldStopWithAllThatTheTimerDidUndone() {
        // Given
        receive("a", 0, "fail");
        state.freeze();

        // When, then
        assertThatThrownBy(() -> receive("b", 100, "b"))
                .isInstanceOf(StopWorkerException.class)
                .hasMessageContaining(
                        "the timer silent of partition 3 for 1970-01-01T00:00:00.030Z cannot be processed (timer)")
                .hasMessageContaining("told to fail");
        assertThat(results()).containsExactly("a=fail");
        state.beginRecord(bytes("a"));
        assertThat(processor.last.value()).isEqualTo("fail");
        assertThat(processor.silent.at()).hasValue(30);
        state.dropRecord();
    }

    @Test
    void shouldLeaveOutATimerThatFails() {
        // Given
        reopen("skip");
        receive("a", 0, "fail");

        // When
        receive("b", 100, "b");
        receive("b", 101, "b");

        // Then: its effects are gone, and so is the timer
        assertThat(results()).containsExactly("a=fail", "b=b", "b=b");
        assertThat(counts.skipped).isEqualTo(1);
        state.beginRecord(bytes("a"));
        assertThat(processor.last.value()).isEqualTo("fail");
        assertThat(processor.silent.at()).isEmpty();
        state.dropRecord();
    }

    @Test
    void shouldPutATimerAsideThatFails() {
        // Given
        reopen("dead-letter");
        receive("a", 0, "fail");

        // When
        receive("b", 100, "b");

        // Then
        assertThat(counts.deadLetters).isEqualTo(1);
        ProducerRecord<byte[], byte[]> letter = sent.get(1);
        assertThat(letter.topic()).isEqualTo("broken");
        assertThat(letter.key()).isEqualTo(bytes("a"));
        assertThat(letter.value()).isNull();
        assertThat(letter.timestamp()).isEqualTo(30);
        assertThat(header(letter, "cairn.error.stage")).isEqualTo("timer");
        assertThat(header(letter, "cairn.timer.name")).isEqualTo("silent");
        assertThat(header(letter, "cairn.timer.time")).isEqualTo("30");
        assertThat(header(letter, "cairn.input.partition")).isEqualTo("3");
        assertThat(letter.headers().lastHeader("cairn.input.topic")).isNull();
    }

    @Test
    void shouldTryATimerAgain() {
        // Given
        settings.set("cairn.errors.retry.exceptions", "java.lang.IllegalStateException")
                .set("cairn.errors.retry.backoff", "1ms")
                .set("cairn.errors.retry.limit", "2");
        reopen("skip");
        receive("a", 0, "fail");
        FiringTimers timers = pipeline.timers();
        timers.beginTurn(System.nanoTime());

        // When, then: it is still the next, and nothing of it is left
        for (int failures = 1; failures <= 2; failures++) {
            assertThat(timers.fireBefore(TOPIC, 100)).isFalse();
            assertThat(counts.retried).isEqualTo(failures);
            assertThat(pipeline.retries().isWaiting()).isTrue();
            await().until(pipeline.retries()::resumeIfDue);
        }
        assertThat(timers.fireBefore(TOPIC, 100)).isTrue();
        assertThat(counts.skipped).isEqualTo(1);
        assertThat(results()).containsExactly("a=fail");
    }

    @Test
    void shouldNotFireAgainWhatTheBrokerHasRefused() {
        // Given: the loop has been rolled back
        reopen("skip");
        receive("a", 0, "a0");
        receive("b", 0, "b0");
        errors.refused(List.of(new Refusal(
                new TopicPartition("timer silent", 3),
                30,
                "out",
                new RecordTooLargeException(),
                false,
                true,
                bytes("a"))));

        // When
        receive("c", 100, "c");

        // Then: of two timers of the same time, that one
        assertThat(results()).containsExactly("a=a0", "b=b0", "b=silent at 30 since b0", "c=c");
        assertThat(counts.skipped).isEqualTo(1);
    }

    @Test
    void shouldFireABoundedNumberInATurn() {
        // Given
        for (int i = 0; i < 2_500; i++) {
            receive("k" + i, 0, "at 10");
        }
        sent.clear();
        FiringTimers timers = pipeline.timers();

        // When, then: the record waits for all of them
        int turns = 0;
        do {
            timers.beginTurn(System.nanoTime());
            turns++;
        } while (!timers.fireBefore(TOPIC, 20));
        assertThat(turns).isGreaterThanOrEqualTo(3);
        assertThat(sent).hasSize(2_500);
        assertThat(timers.fired()).isEqualTo(2_500);
    }

    @Test
    void shouldNotLetATimerThatIsAlwaysDueHoldTheLoopUp() {
        // Given
        receive("a", 0, "a0");
        processor.again = 1_500;

        // When
        FiringTimers timers = pipeline.timers();
        timers.beginTurn(System.nanoTime());

        // Then
        assertThat(timers.fireBefore(TOPIC, 100)).isFalse();
        assertThat(processor.again).isBetween(1, 500 + 1_000);
    }

    @Test
    void shouldShowTheSampleThatIsTested() throws IOException {
        // Given
        String source = Files.readString(Path.of("src/test/java/dev/cairn/worker/record/Silence.java"));

        // Then
        assertThat(Files.readString(Path.of("docs", "processors.md")))
                .contains(source.substring(source.indexOf("@Dependent\n@Named")));
    }

    @Test
    void shouldTellWhoHasFallenSilent() {
        // Given
        state.close();
        open("fail", new Silence());

        // When
        receive("a", 0, "1");
        receive("b", 10_000, "2");
        receive("a", 20_000, "3");
        receive("c", 45_000, "4");
        receive("c", 60_000, "5");

        // Then
        assertThat(results()).containsExactly("b=silent after 2", "a=silent after 3");
        assertThat(sent).extracting(ProducerRecord::timestamp).containsExactly(40_000L, 50_000L);
    }

    @Test
    void shouldHaveNoTimersWhereNoneAreDeclared() {
        // Given
        KeyedState other = new KeyedState(database, StateMemory.caching(1L << 20, 1L << 20), List.of());

        // When
        RecordPipeline plain = RecordPipeline.open(
                0,
                new Visitors(),
                other,
                errors,
                new WorkerSettings()
                        .job("broker:9092", "visitors")
                        .reads("visits")
                        .checkpointsIn("unused")
                        .read()
                        .job(),
                new SentRecords(sent));

        // Then
        assertThat(plain.timers()).isNull();
        other.close();
    }

    private void reopen(String policy) {
        state.close();
        open(policy);
    }

    private void fire() {
        pipeline.timers().beginTurn(System.nanoTime());
        assertThat(pipeline.timers().fire()).isTrue();
    }

    /** As the loop does: the timers that are due before the record, the record, and what it has made due. */
    private void receive(String key, long timestamp, String value) {
        FiringTimers timers = pipeline.timers();
        timers.beginTurn(System.nanoTime());
        assertThat(timers.fireBefore(TOPIC, timestamp)).isTrue();
        pipeline.process(new ConsumerRecord<>(
                TOPIC,
                3,
                offset++,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                bytes(key),
                bytes(value),
                new RecordHeaders(),
                Optional.empty()));
        timers.fire();
    }

    private List<String> results() {
        return sent.stream()
                .map(record -> text(record.key()) + "=" + text(record.value()))
                .toList();
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return text(record.headers().lastHeader(name).value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
