package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;
import dev.cairn.settings.CheckpointMode;
import dev.cairn.testkit.Answers;
import dev.cairn.testkit.LogLines;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.record.RecordErrors;
import dev.cairn.worker.status.WorkerState;

/** Records whose results are refused keep coming, faster than checkpoints are due: the job makes progress nevertheless. */
class RefusalsKeepComingIT {

    private static final int ROUNDS = 20;
    private static final int PER_ROUND = 10;
    private static final Duration ROUND = Duration.ofMillis(500);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    /** Counts the records of a key; those that say so have a result that a compacted topic refuses. */
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
            long count = counts.valueOr(0L) + 1;
            counts.update(count);
            output.emit(input.value().equals("bad") ? null : input.key() + "/" + count, "x");
        }
    }

    @ParameterizedTest
    @Tag("rule-C22")
    @EnumSource(CheckpointMode.class)
    void shouldCommitThoughRefusalsKeepComing(CheckpointMode mode) {
        // Given
        TestJob job = job(mode, 2);
        try (LogLines log = new LogLines(RecordErrors.class);
                EmbeddedWorker worker = job.worker("worker-1", Counter::new)
                        .start()
                        .awaitRunning(0)
                        .awaitRunning(1)) {
            send(job.input(), 0, false);
            send(job.input(), 1, false);
            job.awaitCommitted();

            // When
            for (int round = 0; round < ROUNDS; round++) {
                send(job.input(), 0, true);
                send(job.input(), 1, false);
                await().pollDelay(ROUND).until(() -> true);
            }

            // Then
            assertThat(job.committed(0).offset()).isGreaterThan(ROUNDS * PER_ROUND / 2);
            assertThat(job.committed(1).offset()).isGreaterThan(ROUNDS * PER_ROUND / 2);
            job.awaitCommitted();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            assertThat(worker.worker().figures().loops().get(0).skipped()).isEqualTo(ROUNDS);
            assertThat(log.soFar()).filteredOn(line -> line.contains("skipped")).doesNotHaveDuplicates();
        }
        verify(job, mode, "key-0", ROUNDS * (PER_ROUND - 1) + PER_ROUND);
        verify(job, mode, "key-1", (ROUNDS + 1) * PER_ROUND);
    }

    @ParameterizedTest
    @EnumSource(CheckpointMode.class)
    void shouldCommitThoughRefusalsKeepComingInOneOfSeveralInputs(CheckpointMode mode) {
        // Given
        TestJob job = job(mode, 1);
        String other = job.addInput();
        try (EmbeddedWorker worker =
                job.worker("worker-1", Counter::new).start().awaitRunning(0)) {
            send(job.input(), 0, false);
            send(other, 0, false);
            job.awaitCommitted();

            // When
            for (int round = 0; round < ROUNDS; round++) {
                send(job.input(), 0, true);
                send(other, 0, false);
                await().pollDelay(ROUND).until(() -> true);
            }

            // Then
            assertThat(job.committed(0).offset()).isGreaterThan(ROUNDS * PER_ROUND / 2);
            job.awaitCommitted();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            assertThat(worker.worker().figures().loops().get(0).skipped()).isEqualTo(ROUNDS);
        }
        verify(job, mode, "key-0", ROUNDS * (2 * PER_ROUND - 1) + 2 * PER_ROUND);
    }

    @ParameterizedTest
    @EnumSource(CheckpointMode.class)
    void shouldWorkOffABacklogOfRefusals(CheckpointMode mode) {
        // Given
        TestJob job = job(mode, 2);
        for (int round = 0; round < 10 * ROUNDS; round++) {
            send(job.input(), 0, true);
            send(job.input(), 1, round % 5 == 0);
        }

        // When
        try (EmbeddedWorker worker =
                job.worker("worker-1", Counter::new).start().awaitRunning(0).awaitRunning(1)) {
            job.awaitCommitted();

            // Then
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            assertThat(worker.worker().figures().loops().get(0).skipped()).isEqualTo(12 * ROUNDS);
        }
        verify(job, mode, "key-0", 10 * ROUNDS * (PER_ROUND - 1));
        verify(job, mode, "key-1", 10 * ROUNDS * PER_ROUND - 2 * ROUNDS);
    }

    private TestJob job(CheckpointMode mode, int partitions) {
        TestJob job = new TestJob(broker, directory, partitions)
                .set("execution.checkpointing.mode", mode.name())
                .set("execution.checkpointing.interval", "3s")
                .set("cairn.errors", "skip");
        List<AlterConfigOp> compact = List.of(
                new AlterConfigOp(new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET),
                new AlterConfigOp(new ConfigEntry("min.compaction.lag.ms", "86400000"), AlterConfigOp.OpType.SET));
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, job.output());
        Answers.of(
                broker.admin().incrementalAlterConfigs(Map.of(topic, compact)).all());
        return job;
    }

    private void send(String topic, int partition, boolean oneIsBad) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < PER_ROUND; i++) {
            String value = oneIsBad && i == PER_ROUND / 2 ? "bad" : "good";
            records.add(new ProducerRecord<>(
                    topic,
                    partition,
                    ("key-" + partition).getBytes(StandardCharsets.UTF_8),
                    value.getBytes(StandardCharsets.UTF_8)));
        }
        Topics.send(broker, records);
    }

    /** Each result is there; once, or at least once but no more than a few times. */
    private void verify(TestJob job, CheckpointMode mode, String key, int count) {
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            expected.add(key + "/" + i);
        }
        List<String> results = Readers.readCommitted(broker, job.output()).records().stream()
                .map(ConsumerRecord::key)
                .filter(name -> name.startsWith(key + "/"))
                .toList();
        if (mode == CheckpointMode.EXACTLY_ONCE) {
            assertThat(results).containsExactlyInAnyOrderElementsOf(expected);
        } else {
            assertThat(results).containsAll(expected).hasSizeLessThan(4 * count);
        }
    }
}
