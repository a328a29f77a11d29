package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.OutputRecord;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;
import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.StopWorkerException;

/** A processor with two outputs: what a record emits to them is there together, or not at all. */
class NamedOutputsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int GOOD = 200;

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    private TestJob job;
    private String counts;

    /** Tells each record and its number; values say what is wrong with what goes to the second output. */
    private static final class Counter implements Processor<String, String, String, String> {

        private ValueState<Long> count;
        private Output<String, Long> counts;

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            declare.output(Serdes.String(), Serdes.String());
            counts = declare.output("counts", Serdes.String(), Serdes.Long());
            count = declare.valueState("count", Serdes.Long());
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {
            long number = count.valueOr(0L) + 1;
            count.update(number);
            output.emit(input.key(), input.value() + number);
            switch (input.value()) {
                case "no-key" -> counts.emit(null, number);
                case "no-partition" ->
                    counts.emit(OutputRecord.of(input.key(), number).to(7));
                default ->
                    counts.emit(OutputRecord.of(input.key(), number)
                            .at(input.timestamp() + 1)
                            .to(1));
            }
        }
    }

    @BeforeEach
    void createJob() {
        job = new TestJob(broker, directory, 1);
        counts = job.name() + "-counts";
        broker.createTopic(counts, 2);
        job.set("cairn.output.counts.topic", counts);
    }

    @ParameterizedTest
    @CsvSource({"EXACTLY_ONCE, no-key", "AT_LEAST_ONCE, no-key", "EXACTLY_ONCE, no-partition"})
    void shouldKeepNothingOfRecordOfWhichTheSecondOutputIsRefused(String mode, String bad) {
        // Given
        job.set("execution.checkpointing.mode", mode).set("cairn.errors", "skip");
        compact(counts);
        try (EmbeddedWorker worker =
                job.worker("worker-1", Counter::new).start().awaitRunning(0)) {

            // When
            send(GOOD, bad);
            job.awaitCommitted();

            // Then
            await().atMost(LIMIT).untilAsserted(() -> assertThat(
                            worker.status().loops().get(0).work().skipped())
                    .isOne());
        }
        List<String> texts = Readers.readCommitted(broker, job.output()).records().stream()
                .map(ConsumerRecord::value)
                .toList();
        List<ConsumerRecord<String, Long>> numbers = Readers.read(
                        broker, counts, IsolationLevel.READ_COMMITTED, new StringDeserializer(), new LongDeserializer())
                .records();
        List<Long> expected =
                IntStream.rangeClosed(1, GOOD).mapToObj(Long::valueOf).toList();
        if (mode.equals("EXACTLY_ONCE")) {
            assertThat(texts)
                    .isEqualTo(expected.stream().map(each -> "good" + each).toList());
            assertThat(numbers).extracting(ConsumerRecord::value).isEqualTo(expected);
        } else {
            assertThat(texts)
                    .containsAll(expected.stream().map(each -> "good" + each).toList());
            assertThat(numbers).extracting(ConsumerRecord::value).containsAll(expected);
        }
        assertThat(numbers).allMatch(each -> each.partition() == 1 && each.key().equals("k"));
    }

    @Test
    void shouldNameTheTopicThatRefuses() {
        // Given
        compact(counts);
        try (EmbeddedWorker worker =
                job.worker("worker-1", Counter::new).start().awaitRunning(0)) {

            // When
            send(10, "no-key");

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining(job.input() + "-0@5")
                    .hasMessageContaining("(send)")
                    .hasMessageContaining("let the topic " + counts + " accept its result");
        }
    }

    @Test
    void shouldRefuseToRunWithoutTheTopicOfAnOutput() {
        // Given
        job.set("cairn.output.counts.topic", "");

        // When
        try (EmbeddedWorker worker = job.worker("worker-1", Counter::new).start()) {

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining(
                            "the topic counts does not exist: create it, or correct" + " cairn.output.counts.topic");
        }
    }

    @Test
    void shouldRefuseToStartWithoutTopicThatIsSet() {
        // Given
        job.set("cairn.output.counts.topic", counts + "-typo");

        // When
        try (EmbeddedWorker worker = job.worker("worker-1", Counter::new)) {

            // Then
            assertThatThrownBy(worker::start)
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining("the topic " + counts
                            + "-typo does not exist: create it, or correct cairn.output.counts.topic");
        }
    }

    /** The second topic is created anew while a result for it is under way. */
    @Test
    void shouldFollowSecondOutputThatIsCreatedAnew() {
        try (EmbeddedWorker worker =
                job.worker("worker-1", Counter::new).start().awaitRunning(0)) {
            // Given
            send(10, "good");
            job.awaitCommitted();

            // When
            Answers.of(broker.admin().deleteTopics(List.of(counts)).all());
            await().atMost(LIMIT)
                    .until(() ->
                            !Answers.of(broker.admin().listTopics().names()).contains(counts));
            Answers.of(broker.admin()
                    .createTopics(List.of(new NewTopic(counts, 2, (short) 1)))
                    .all());
            send(10, "good");

            // Then
            job.awaitCommitted();
            assertThat(worker.state().name()).isEqualTo("RUNNING");
        }
        assertThat(Readers.readCommitted(broker, job.output()).records())
                .extracting(ConsumerRecord::value)
                .isEqualTo(IntStream.rangeClosed(1, 22)
                        .mapToObj(each -> "good" + each)
                        .toList());
        assertThat(Readers.read(
                                broker,
                                counts,
                                IsolationLevel.READ_COMMITTED,
                                new StringDeserializer(),
                                new LongDeserializer())
                        .records())
                .extracting(ConsumerRecord::value)
                .endsWith(22L);
    }

    /** So many good ones, with one of this value in their middle. */
    private void send(int good, String middle) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < good; i++) {
            records.add(Topics.record(job.input(), "k", "good"));
        }
        records.add(good / 2, Topics.record(job.input(), "k", middle));
        Topics.send(broker, records);
    }

    private void compact(String topic) {
        Answers.of(broker.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET))))
                .all());
    }
}
