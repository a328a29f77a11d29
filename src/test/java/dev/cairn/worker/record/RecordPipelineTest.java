package dev.cairn.worker.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.OutputRecord;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;
import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.RocksResources;
import dev.cairn.state.StateMemory;
import dev.cairn.testkit.worker.WorkerSettings;
import dev.cairn.worker.status.StopWorkerException;

class RecordPipelineTest {

    private static final long TIME = 1_700_000_000_000L;

    private final CollectedOutputs outputs = new CollectedOutputs();
    private final WorkerSettings settings =
            new WorkerSettings().job("broker:9092", "payments").checkpointsIn("unused");
    private final Counts counts = new Counts();
    private RocksResources resources;
    private PartitionDatabase database;
    private KeyedState state;
    private RecordPipeline pipeline;

    @TempDir
    Path directory;

    private static final class Counts implements RecordCounts {

        private int retried;
        private int skipped;

        @Override
        public void retried() {
            retried++;
        }

        @Override
        public void skipped() {
            skipped++;
        }

        @Override
        public void deadLetter() {}
    }

    /** What each test declares, and what it does with the records that have no input of their own. */
    private record Lambda(
            Consumer<Declaration<String, String, String, String>> declared, Step<String, String, String> step)
            implements Processor<String, String, String, String> {

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declared.accept(declare);
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) throws Exception {
            step.process(input, output);
        }
    }

    @FunctionalInterface
    private interface Step<V, K, W> {

        void process(InputRecord<String, V> input, Output<K, W> output) throws Exception;
    }

    @BeforeEach
    void openState() {
        resources = new RocksResources(8L << 20);
        database = PartitionDatabase.open(directory.resolve("db"), resources);
        state = new KeyedState(database, StateMemory.caching(1L << 20, 1L << 20), List.of());
    }

    @AfterEach
    void closeState() {
        state.close();
        database.close();
        resources.close();
    }

    private void open(Processor<?, ?, ?, ?> processor) {
        var job = settings.read().job();
        pipeline = RecordPipeline.open(0, processor, state, new RecordErrors(job, outputs, counts), job, outputs);
    }

    private boolean process(String topic, long offset, String key, byte[] value) {
        return pipeline.process(new ConsumerRecord<>(
                topic,
                0,
                offset,
                TIME,
                TimestampType.CREATE_TIME,
                key.length(),
                value.length,
                key.getBytes(UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty()));
    }

    private static byte[] number(long value) {
        return Serdes.Long().serializer().serialize("", value);
    }

    private List<String> sentTo(String topic) {
        return outputs.sent().stream()
                .filter(record -> record.topic().equals(topic))
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    @Test
    void shouldShowTheSampleThatIsTested() throws IOException {
        // Given
        String source = Files.readString(Path.of("src/test/java/dev/cairn/worker/record/Payments.java"));

        // Then
        assertThat(Files.readString(Path.of("docs", "processors.md")))
                .contains(source.substring(source.indexOf("@Dependent\n@Named")));
    }

    @Test
    void shouldReadEachInputAndWriteEachOutputWithItsSerdes() {
        // Given
        settings.reads("payments")
                .set("cairn.input.customers.topic", "crm.customers")
                .writes("totals")
                .set("cairn.output.alerts.topic", "eu.alerts");
        open(new Payments());

        // When
        process("crm.customers", 0, "c1", "Anna".getBytes(UTF_8));
        process("payments", 0, "c1", number(7));
        process("payments", 1, "c1", number(5000));

        // Then
        assertThat(outputs.sent()).extracting(ProducerRecord::topic).containsExactly("totals", "totals", "eu.alerts");
        assertThat(outputs.sent().get(1).value()).isEqualTo(number(5007));
        assertThat(sentTo("eu.alerts")).containsExactly("Anna pays 5000");
        assertThat(outputs.added()).containsExactly("eu.alerts by cairn.output.alerts.topic");
    }

    @Test
    void shouldPassOnTimestampHeadersAndPartition() {
        // Given
        settings.reads("in").writes("out");
        open(new Lambda(
                declare -> {
                    declare.input(Serdes.String(), Serdes.String());
                    declare.output(Serdes.String(), Serdes.String());
                },
                (input, output) -> {
                    output.emit(input.key(), "plain");
                    output.emit(OutputRecord.of(input.key(), "full")
                            .at(input.timestamp() + 1)
                            .with(new RecordHeaders().add("kind", "large".getBytes(UTF_8)))
                            .to(3));
                }));

        // When
        process("in", 0, "k", new byte[0]);

        // Then
        ProducerRecord<byte[], byte[]> plain = outputs.sent().get(0);
        assertThat(plain.timestamp()).isEqualTo(TIME);
        assertThat(plain.partition()).isNull();
        assertThat(plain.headers()).isEmpty();
        ProducerRecord<byte[], byte[]> full = outputs.sent().get(1);
        assertThat(full.timestamp()).isEqualTo(TIME + 1);
        assertThat(full.partition()).isEqualTo(3);
        assertThat(full.headers().lastHeader("kind").value()).isEqualTo("large".getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"partition", "timestamp"})
    void shouldRefuseOutputRecordBelowZero(String what) {
        // Given
        OutputRecord<String, String> record = OutputRecord.of("k", "v");

        // Then
        assertThatThrownBy(() -> {
                    if (what.equals("partition")) {
                        record.to(-1);
                    } else {
                        record.at(-1);
                    }
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what + " is -1");
    }

    @Test
    void shouldDropTheResultsForAllOutputsOfRecordThatFails() {
        // Given
        settings.reads("in")
                .writes("out")
                .set("cairn.output.more.topic", "more")
                .set("cairn.errors", "skip");
        Output<?, ?>[] more = new Output<?, ?>[1];
        open(new Lambda(
                declare -> {
                    declare.input(Serdes.String(), Serdes.String());
                    declare.output(Serdes.String(), Serdes.String());
                    more[0] = declare.output("more", Serdes.String(), Serdes.String());
                },
                (input, output) -> {
                    output.emit(input.key(), "out" + input.offset());
                    emit(more[0], input.key(), "more" + input.offset());
                    if (input.offset() == 1) {
                        throw new IllegalArgumentException("bad");
                    }
                }));

        // When
        for (int offset = 0; offset < 3; offset++) {
            process("in", offset, "k", new byte[0]);
        }

        // Then
        assertThat(sentTo("out")).containsExactly("out0", "out2");
        assertThat(sentTo("more")).containsExactly("more0", "more2");
        assertThat(counts.skipped).isOne();
    }

    @Test
    void shouldFailRecordOfWhichOneResultIsTooLarge() {
        // Given
        settings.reads("in").writes("out").set("cairn.output.large.topic", "large");
        Output<?, ?>[] large = new Output<?, ?>[1];
        open(new Lambda(
                declare -> {
                    declare.input(Serdes.String(), Serdes.String());
                    declare.output(Serdes.String(), Serdes.String());
                    large[0] = declare.output("large", Serdes.String(), Serdes.String());
                },
                (input, output) -> {
                    output.emit(input.key(), "small");
                    emit(large[0], input.key(), "x".repeat(CollectedOutputs.MAX_BYTES + 1));
                }));

        // Then
        assertThatThrownBy(() -> process("in", 0, "k", new byte[0]))
                .isInstanceOf(StopWorkerException.class)
                .hasMessageContaining("in-0@0")
                .hasMessageContaining("(send)")
                .hasMessageContaining("let the topic large accept its result");
        assertThat(outputs.sent()).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static void emit(Output<?, ?> output, String key, String value) {
        ((Output<String, String>) output).emit(key, value);
    }

    @Test
    void shouldDropResultsForOutputThatTheJobHasNot() {
        // Given
        settings.reads("in");
        open(new Lambda(
                declare -> {
                    declare.input(Serdes.String(), Serdes.String());
                    declare.output(Serdes.String(), Serdes.String());
                },
                (input, output) -> {
                    output.emit(input.key(), "dropped");
                    output.emit(OutputRecord.of(input.key(), "dropped").at(1));
                }));

        // When
        process("in", 0, "k", new byte[0]);

        // Then
        assertThat(outputs.sent()).isEmpty();
    }

    @Test
    void shouldSayThatProcessIsMissing() {
        // Given
        settings.reads("in");
        open((Processor<String, String, String, String>) declare -> declare.input(Serdes.String(), Serdes.String()));

        // Then
        assertThatThrownBy(() -> process("in", 0, "k", new byte[0]))
                .isInstanceOf(StopWorkerException.class)
                .hasMessageContaining("does not implement process");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                payments           |                            | the job does not read the topic customers: add it to cairn.input.topics, or name the input's topic by cairn.input.customers.topic
                payments,customers,more |                       | the processor does not declare how the topic more is read
                payments,customers | cairn.input.orders.topic=x | cairn.input.orders.topic names an input that the processor does not declare: correct the name, which is one of payments, customers
                payments,customers | cairn.output.alarms.topic=x | cairn.output.alarms.topic names an output that the processor does not declare: correct the name, which is one of alerts
                payments,customers,alerts |                     | the topic alerts of the output 'alerts' is also an input
            """)
    void shouldRefuseInputsAndOutputsThatDoNotFitTheSettings(String topics, String setting, String sentence) {
        // Given
        settings.reads(topics).writes("totals");
        if (setting != null) {
            settings.set(setting.split("=")[0], setting.split("=")[1]);
        }

        // Then
        assertThatThrownBy(() -> open(new Payments()))
                .isInstanceOf(StopWorkerException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void shouldRefuseNamedOutputOfJobThatWasStartedWithoutOutput() {
        // Given
        settings.reads("payments", "customers");

        // Then
        assertThatThrownBy(() -> open(new Payments()))
                .isInstanceOf(StopWorkerException.class)
                .hasMessageContaining("set cairn.output.alerts.topic=alerts");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                a/b | cannot name an input: use letters
                in  | is declared twice
            """)
    void shouldRefuseNames(String name, String sentence) {
        // Given
        settings.reads("in");

        // Then
        assertThatThrownBy(() -> open(new Lambda(
                        declare -> {
                            declare.input("in", Serdes.String(), Serdes.String(), input -> {});
                            declare.input(name, Serdes.String(), Serdes.String(), input -> {});
                        },
                        (input, output) -> {})))
                .isInstanceOf(StopWorkerException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void shouldTryRecordAgainWithoutAnyEffectOfItsFailures() {
        // Given
        retry(3);
        List<Integer> failures = new ArrayList<>(List.of(1, 2));
        countAndFail(failures);

        // When
        assertThat(process("in", 0, "k", new byte[0])).isFalse();

        // Then
        assertThat(pipeline.retries().isWaiting()).isTrue();
        assertThat(pipeline.retries().info()).hasValueSatisfying(info -> {
            assertThat(info.record()).isEqualTo("in-0@0");
            assertThat(info.stage()).isEqualTo("process");
            assertThat(info.cause()).startsWith("no answer");
            assertThat(info.failures()).isOne();
        });
        assertThat(outputs.sent()).isEmpty();

        // When
        awaitDue();
        assertThat(process("in", 0, "k", new byte[0])).isFalse();
        awaitDue();
        assertThat(process("in", 0, "k", new byte[0])).isTrue();
        assertThat(process("in", 1, "k", new byte[0])).isTrue();

        // Then
        assertThat(sentTo("out")).containsExactly("1", "2");
        assertThat(pipeline.retries().info()).isEmpty();
        assertThat(counts.retried).isEqualTo(2);
    }

    @Test
    void shouldFollowThePolicyOnceTheLimitIsReached() {
        // Given
        retry(2);
        countAndFail(new ArrayList<>(List.of(1, 2, 3, 4)));
        for (int i = 0; i < 2; i++) {
            assertThat(process("in", 0, "k", new byte[0])).isFalse();
            awaitDue();
        }

        // Then
        assertThatThrownBy(() -> process("in", 0, "k", new byte[0]))
                .isInstanceOf(StopWorkerException.class)
                .hasMessageContaining("in-0@0")
                .hasMessageContaining("tried 3 times");
    }

    @Test
    void shouldSkipRecordThatWasTriedInVainAndTryTheNextAnew() {
        // Given
        retry(1);
        settings.set("cairn.errors", "skip");
        countAndFail(new ArrayList<>(List.of(1, 2, 3)));

        // When
        assertThat(process("in", 0, "k", new byte[0])).isFalse();
        awaitDue();
        assertThat(process("in", 0, "k", new byte[0])).isTrue();
        assertThat(pipeline.retries().info()).isEmpty();
        assertThat(process("in", 1, "k", new byte[0])).isFalse();
        awaitDue();
        assertThat(process("in", 1, "k", new byte[0])).isTrue();

        // Then
        assertThat(sentTo("out")).containsExactly("1");
        assertThat(counts.skipped).isOne();
    }

    @Test
    void shouldNotWaitAfterRollBack() {
        // Given
        retry(3);
        settings.set("cairn.errors.retry.backoff", "1h").set("cairn.errors.retry.max-backoff", "1h");
        countAndFail(new ArrayList<>(List.of(1)));
        process("in", 0, "k", new byte[0]);
        assertThat(pipeline.retries().resumeIfDue()).isFalse();

        // When
        pipeline.rollBack();

        // Then
        assertThat(pipeline.retries().resumeIfDue()).isTrue();
        assertThat(process("in", 0, "k", new byte[0])).isTrue();
    }

    private void retry(int limit) {
        settings.reads("in")
                .writes("out")
                .set("cairn.errors.retry.exceptions", "java.io.IOException")
                .set("cairn.errors.retry.limit", Integer.toString(limit))
                .set("cairn.errors.retry.backoff", "1ms");
    }

    /** Counts the records of a key; as long as there are failures left, one of them is used up by a failure after the count. */
    private void countAndFail(List<Integer> failures) {
        List<ValueState<Long>> count = new ArrayList<>();
        open(new Lambda(
                declare -> {
                    declare.input(Serdes.String(), Serdes.String());
                    declare.output(Serdes.String(), Serdes.String());
                    count.add(declare.valueState("count", Serdes.Long()));
                },
                (input, output) -> {
                    long now = count.get(0).valueOr(0L) + 1;
                    count.get(0).update(now);
                    output.emit(input.key(), Long.toString(now));
                    if (!failures.isEmpty()) {
                        failures.remove(0);
                        throw new IllegalStateException("no answer", new ConnectException("refused"));
                    }
                }));
    }

    private void awaitDue() {
        while (!pipeline.retries().resumeIfDue()) {
            Thread.onSpinWait();
        }
    }
}
