package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.Timer;
import dev.cairn.api.Timers;
import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;

/** Kafka refuses what some timers emit: these are errors of their timers, and all else continues. */
class RefusedTimerIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long START = 1_700_000_000_000L;
    private static final int KEYS = 200;
    private static final String BAD = "bad";

    private final TestBroker broker = Brokers.shared();

    @TempDir
    private Path directory;

    private TestJob job;
    private int sent;

    @BeforeEach
    void createJob() {
        job = new TestJob(broker, directory, 2)
                .set("cairn.errors", "skip")
                .set("cairn.threads", "1")
                .set("execution.checkpointing.interval", "200ms");
        Answers.of(broker.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, job.output()),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET))))
                .all());
    }

    @Test
    @Tag("rule-C22")
    void shouldContinueWhenResultsOfTimersAreRefused() {
        // Given: each third key's timer emits what the topic cannot take
        try (EmbeddedWorker worker = job.worker("worker-1", Later::new).start()) {

            // When
            sendAll();
            sendAll();
            end();

            // Then: the good ones are there, each once, and the loop has not stopped
            await().atMost(LIMIT).until(() -> results().size() >= good());
            job.awaitCommitted();
            assertThat(worker.rollBacks()).isPositive();

            // When: the same keys again, later
            sendAll();
            end();

            // Then
            await().atMost(LIMIT).until(() -> results().size() >= 2 * good());
            job.awaitCommitted();
        }
        assertThat(results()).hasSize(2 * good());
        assertThat(new TreeSet<>(results())).hasSize(good());
    }

    private static int good() {
        return KEYS - (KEYS + 2) / 3;
    }

    private List<String> results() {
        return Readers.readCommitted(broker, job.output()).records().stream()
                .map(result -> result.key())
                .toList();
    }

    private void sendAll() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            records.add(record(i % 2, (i % 3 == 0 ? BAD : "good") + "-" + i));
        }
        Topics.send(broker, records);
    }

    /** Time that passes in both partitions. */
    private void end() {
        sent += 10_000;
        Topics.send(broker, List.of(record(0, null), record(1, null)));
    }

    private ProducerRecord<byte[], byte[]> record(int partition, String key) {
        return new ProducerRecord<>(
                job.input(),
                partition,
                START + sent++,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                "x".getBytes(StandardCharsets.UTF_8));
    }

    /** Tells of each key a second of event time after its last record. */
    private static final class Later implements Processor<String, String, String, String> {

        private Timers timers;
        private Output<String, String> output;

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            output = declare.output(Serdes.String(), Serdes.String());
            timers = declare.eventTimers("later", Serdes.String(), this::tell);
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> results) {
            if (input.key() != null) {
                timers.set(input.timestamp() + 1_000);
            }
        }

        private void tell(Timer<String> timer) {
            // A compacted topic takes no record without a key.
            output.emit(timer.key().startsWith(BAD) ? null : timer.key(), "x");
        }
    }
}
