package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;
import dev.cairn.settings.CheckpointMode;
import dev.cairn.settings.ErrorPolicy;
import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerState;

/** A record that the broker or the client refuses for good is an error of the input record that it comes from. */
class RefusedOutputIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int LARGE = 30_000;
    private static final int SMALL_LIMIT = 20_000;
    private static final int GOOD_BEFORE = 10;
    private static final int GOOD_AROUND = 6;

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    /** What is wrong with the record, and who refuses it. */
    enum Refused {
        KEY_TOO_LARGE("large-key", "max.request.size") {
            @Override
            void applyTo(TestJob job) {
                job.set("kafka.max.request.size", Integer.toString(SMALL_LIMIT));
            }
        },
        VALUE_TOO_LARGE("large-value", "max.request.size") {
            @Override
            void applyTo(TestJob job) {
                job.set("kafka.max.request.size", Integer.toString(SMALL_LIMIT));
            }
        },
        VALUE_TOO_LARGE_FOR_TOPIC("large-value", "larger") {
            @Override
            Map<String, String> topicSettings() {
                return Map.of("max.message.bytes", Integer.toString(SMALL_LIMIT));
            }
        },
        COMPRESSED_VALUE_TOO_LARGE_FOR_TOPIC("larger-value", "larger") {
            @Override
            void applyTo(TestJob job) {
                job.set("kafka.compression.type", "gzip");
            }

            @Override
            Map<String, String> topicSettings() {
                return Map.of("max.message.bytes", Integer.toString(SMALL_LIMIT));
            }
        },
        TIMESTAMP("old", "imestamp") {
            @Override
            Map<String, String> topicSettings() {
                return Map.of("message.timestamp.before.max.ms", "3600000");
            }
        },
        NO_KEY("no-key", "key") {
            @Override
            Map<String, String> topicSettings() {
                return Map.of("cleanup.policy", "compact");
            }
        };

        private final String value;
        private final String cause;

        Refused(String value, String cause) {
            this.value = value;
            this.cause = cause;
        }

        void applyTo(TestJob job) {}

        Map<String, String> topicSettings() {
            return Map.of();
        }
    }

    static List<Arguments> refusedInEachMode() {
        List<Arguments> all = new ArrayList<>();
        for (Refused refused : Refused.values()) {
            for (CheckpointMode mode : CheckpointMode.values()) {
                all.add(Arguments.of(refused, mode));
            }
        }
        return all;
    }

    /** Counts the records of a key; what the value says is wrong with the result. */
    private static final class Counter implements Processor<String, String, String, String> {

        private ValueState<Long> counts;

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            declare.output(Serdes.String(), Serdes.String());
            counts = declare.valueState("count", Serdes.Long());
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {
            Long before = counts.value();
            long count = before == null ? 1 : before + 1;
            counts.update(count);
            String key = input.key() + "/" + count;
            switch (input.value()) {
                case "large-key" -> output.emit(random(LARGE), "x");
                case "large-value" -> output.emit(key, random(LARGE));
                case "larger-value" -> output.emit(key, random(3 * LARGE));
                case "no-key" -> output.emit(null, "x");
                case "poison" -> throw new IllegalArgumentException("poison");
                default -> output.emit(key, "x");
            }
        }

        /** Compression does not help. */
        private static String random(int length) {
            StringBuilder text = new StringBuilder();
            new Random(1).ints(length, 'a', 'z').forEach(letter -> text.append((char) letter));
            return text.toString();
        }
    }

    @ParameterizedTest
    @Tag("rule-C22")
    @MethodSource("refusedInEachMode")
    void shouldStopForRefusedResult(Refused refused, CheckpointMode mode) {
        // Given
        TestJob job = job(refused, mode, ErrorPolicy.FAIL);
        try (EmbeddedWorker worker = start(job)) {
            sendGood(job, GOOD_BEFORE);
            job.awaitCommitted();

            // When
            sendBadAmongGood(job, refused);

            // Then
            await().atMost(LIMIT).until(() -> worker.state() == WorkerState.FAILED);
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining(job.input() + "-0@" + (GOOD_BEFORE + GOOD_AROUND))
                    .hasMessageContaining("(send)")
                    .hasMessageContaining(refused.cause)
                    .hasMessageContaining("cairn.errors=skip");
        }
        assertThat(job.committed(0).offset()).isBetween((long) GOOD_BEFORE, (long) GOOD_BEFORE + GOOD_AROUND);
        assertThat(results(job, "good").subList(0, GOOD_BEFORE)).isEqualTo(counts("good", GOOD_BEFORE));
        assertNoFlood(job, mode, GOOD_BEFORE + GOOD_AROUND);
    }

    @ParameterizedTest
    @Tag("rule-C22")
    @MethodSource("refusedInEachMode")
    void shouldSkipInputOfRefusedResultAndKeepTheOthers(Refused refused, CheckpointMode mode) {
        // Given
        TestJob job = job(refused, mode, ErrorPolicy.SKIP);
        try (EmbeddedWorker worker = start(job)) {
            sendGood(job, GOOD_BEFORE);
            job.awaitCommitted();

            // When
            sendBadAmongGood(job, refused);
            sendBadAmongGood(job, refused);

            // Then
            awaitSkipped(worker, 2);
            sendGood(job, 1);
            job.awaitCommitted();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            assertThat(worker.worker().figures().loops().get(0).deadLetters()).isZero();
        }
        verifyGoodOnes(job, mode, 2);
    }

    /** The producer does not send the records behind a refused one any more, and reports them like it. */
    @ParameterizedTest
    @Tag("rule-C22")
    @EnumSource(names = {"TIMESTAMP", "NO_KEY"})
    void shouldKeepTheRecordBehindRefusedOne(Refused refused) {
        // Given
        TestJob job = job(refused, CheckpointMode.EXACTLY_ONCE, ErrorPolicy.SKIP)
                .set("kafka.batch.size", "1")
                .set("kafka.max.in.flight.requests.per.connection", "1");
        try (EmbeddedWorker worker = start(job)) {
            sendGood(job, GOOD_BEFORE);
            job.awaitCommitted();
            for (int round = 1; round <= 5; round++) {

                // When
                Topics.send(broker, List.of(bad(job, refused), good(job)));

                // Then
                job.awaitCommitted();
                assertThat(worker.worker().figures().loops().get(0).skipped()).isEqualTo(round);
            }
        }
        assertThat(results(job, "good")).isEqualTo(counts("good", GOOD_BEFORE + 5));
    }

    @ParameterizedTest
    @MethodSource("refusedInEachMode")
    void shouldPutInputOfRefusedResultAside(Refused refused, CheckpointMode mode) {
        // Given
        TestJob job = job(refused, mode, ErrorPolicy.DEAD_LETTER);
        try (EmbeddedWorker worker = start(job)) {
            sendGood(job, GOOD_BEFORE);
            job.awaitCommitted();

            // When
            sendBadAmongGood(job, refused);

            // Then
            await().atMost(LIMIT)
                    .until(() -> worker.worker().figures().loops().get(0).deadLetters() > 0);
            sendGood(job, 1);
            job.awaitCommitted();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
        }
        verifyGoodOnes(job, mode, 1);
        List<ConsumerRecord<String, String>> letters =
                Readers.readCommitted(broker, deadLetters(job)).records();
        if (mode == CheckpointMode.EXACTLY_ONCE) {
            assertThat(letters).hasSize(1);
        } else {
            assertThat(letters).hasSizeBetween(1, 3);
        }
        ConsumerRecord<String, String> letter = letters.get(0);
        assertThat(letter.key()).isEqualTo("good");
        assertThat(letter.value()).isEqualTo(refused.value);
        assertThat(header(letter, "cairn.error.stage")).isEqualTo("send");
        assertThat(header(letter, "cairn.error.message")).contains(refused.cause);
        assertThat(header(letter, "cairn.input.offset")).isEqualTo(Integer.toString(GOOD_BEFORE + GOOD_AROUND));
    }

    /** Who refuses a dead letter, and why. */
    enum RefusedLetter {
        /** The headers push it over the limit. */
        TOO_LARGE("larger than kafka.max.request.size") {
            @Override
            void applyTo(TestJob job, TestBroker broker) {
                job.set("kafka.max.request.size", Integer.toString(SMALL_LIMIT));
            }
        },
        TOO_LARGE_FOR_TOPIC("larger") {
            @Override
            void applyTo(TestJob job, TestBroker broker) {
                alter(broker, deadLetters(job), "max.message.bytes", Integer.toString(SMALL_LIMIT));
            }
        },
        TIMESTAMP("imestamp") {
            @Override
            void applyTo(TestJob job, TestBroker broker) {
                alter(broker, deadLetters(job), "message.timestamp.before.max.ms", "3600000");
            }
        };

        private final String cause;

        RefusedLetter(String cause) {
            this.cause = cause;
        }

        abstract void applyTo(TestJob job, TestBroker broker);
    }

    @ParameterizedTest
    @EnumSource(RefusedLetter.class)
    void shouldStopForRefusedDeadLetterExactlyOnce(RefusedLetter refused) {
        stops(refused, CheckpointMode.EXACTLY_ONCE);
    }

    @ParameterizedTest
    @EnumSource(RefusedLetter.class)
    void shouldStopForRefusedDeadLetterAtLeastOnce(RefusedLetter refused) {
        stops(refused, CheckpointMode.AT_LEAST_ONCE);
    }

    private void stops(RefusedLetter refused, CheckpointMode mode) {
        // Given
        TestJob job = new TestJob(broker, directory, 1)
                .set("execution.checkpointing.mode", mode.name())
                .set("cairn.errors", "dead-letter");
        broker.createTopic(deadLetters(job), 1);
        job.set("cairn.dead-letter.topic", deadLetters(job));
        refused.applyTo(job, broker);
        try (EmbeddedWorker worker = start(job)) {
            sendGood(job, GOOD_BEFORE);
            job.awaitCommitted();

            // When
            RecordHeaders headers = new RecordHeaders();
            headers.add("large", Counter.random(SMALL_LIMIT - 300).getBytes(StandardCharsets.UTF_8));
            Topics.send(
                    broker,
                    List.of(new ProducerRecord<>(job.input(), 0, 86_400_000L, bytes("bad"), bytes("poison"), headers)));

            // Then
            await().atMost(LIMIT).until(() -> worker.state() == WorkerState.FAILED);
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining("the dead letter of the record " + job.input() + "-0@" + GOOD_BEFORE)
                    .hasMessageContaining(deadLetters(job))
                    .hasMessageContaining(refused.cause);
        }
        assertThat(job.committed(0).offset()).isEqualTo(GOOD_BEFORE);
        assertThat(Readers.readCommitted(broker, deadLetters(job)).records()).isEmpty();
    }

    private TestJob job(Refused refused, CheckpointMode mode, ErrorPolicy policy) {
        TestJob job = new TestJob(broker, directory, 1)
                .set("execution.checkpointing.mode", mode.name())
                .set("cairn.errors", policy == ErrorPolicy.DEAD_LETTER ? "dead-letter" : policy.name());
        refused.applyTo(job);
        refused.topicSettings().forEach((setting, value) -> alter(broker, job.output(), setting, value));
        if (policy == ErrorPolicy.DEAD_LETTER) {
            broker.createTopic(deadLetters(job), 1);
            job.set("cairn.dead-letter.topic", deadLetters(job));
        }
        return job;
    }

    private static void alter(TestBroker broker, String topic, String setting, String value) {
        Answers.of(broker.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
                .all());
    }

    private static String deadLetters(TestJob job) {
        return job.name() + "-dead";
    }

    private EmbeddedWorker start(TestJob job) {
        return job.worker("worker-1", Counter::new).start().awaitRunning(0);
    }

    private void sendGood(TestJob job, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(good(job));
        }
        Topics.send(broker, records);
    }

    /** One batch of results, with one in the middle that is refused, of the same key as the others. */
    private void sendBadAmongGood(TestJob job, Refused refused) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < GOOD_AROUND; i++) {
            records.add(good(job));
        }
        records.add(bad(job, refused));
        for (int i = 0; i < GOOD_AROUND; i++) {
            records.add(good(job));
        }
        Topics.send(broker, records);
    }

    private static ProducerRecord<byte[], byte[]> good(TestJob job) {
        return record(job, "good", System.currentTimeMillis());
    }

    private static ProducerRecord<byte[], byte[]> bad(TestJob job, Refused refused) {
        return record(job, refused.value, refused == Refused.TIMESTAMP ? 86_400_000 : System.currentTimeMillis());
    }

    private static ProducerRecord<byte[], byte[]> record(TestJob job, String value, long timestamp) {
        return new ProducerRecord<>(job.input(), 0, timestamp, bytes("good"), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The count of each result has no gap: the state does not know of the record that was refused. */
    private void verifyGoodOnes(TestJob job, CheckpointMode mode, int batches) {
        int good = GOOD_BEFORE + batches * 2 * GOOD_AROUND + 1;
        List<String> results = results(job, "good");
        if (mode == CheckpointMode.EXACTLY_ONCE) {
            assertThat(results).isEqualTo(counts("good", good));
        } else {
            // What was counted after a refused record may have been written before the roll back took it back.
            assertThat(results).containsAll(counts("good", good)).isSubsetOf(counts("good", good + batches));
            assertThat(results.get(results.size() - 1)).isEqualTo("good/" + good);
        }
        assertNoFlood(job, mode, good);
    }

    private void assertNoFlood(TestJob job, CheckpointMode mode, int good) {
        int factor = mode == CheckpointMode.EXACTLY_ONCE ? 1 : 4;
        assertThat(Readers.readCommitted(broker, job.output()).size()).isLessThanOrEqualTo(factor * good);
    }

    private List<String> results(TestJob job, String key) {
        return Readers.readCommitted(broker, job.output()).records().stream()
                .map(ConsumerRecord::key)
                .filter(name -> name.startsWith(key))
                .collect(Collectors.toList());
    }

    private static List<String> counts(String key, int count) {
        List<String> counts = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            counts.add(key + "/" + i);
        }
        return counts;
    }

    private static void awaitSkipped(EmbeddedWorker worker, long count) {
        await(count + " skipped")
                .atMost(LIMIT)
                .until(() -> worker.worker().figures().loops().get(0).skipped() >= count);
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
