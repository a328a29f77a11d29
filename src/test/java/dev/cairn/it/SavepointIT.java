package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.testkit.worker.WorkerProcess;

/** The packaged worker and its commands: stopped with a savepoint, rescaled, started from it; cancelled and started. */
class SavepointIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int KEYS = 200;

    private final TestBroker broker = Brokers.shared();
    private final AggregateVerifier account = new AggregateVerifier();
    private int sent;

    @TempDir
    private Path directory;

    @Test
    void shouldGoOnWithEveryKeyWhereItWasOnATopicWithMorePartitions() throws Exception {
        // Given
        String job = "rescaled";
        broker.createTopic(job + "-four", 4);
        broker.createTopic(job + "-six", 6);
        broker.createTopic(job + "-out", 4);
        send(job + "-four", 2_000);
        String savepoint;
        try (WorkerProcess worker = worker(job, job + "-four").start()) {
            Workers.awaitCaughtUp(broker, job, job + "-four");
            send(job + "-four", 2_000);

            // When: it is stopped by the command, with all that it was sent
            Cairn.Result stop = cairn(job, "stop", "--savepoint", target(), "--drain", "--output", "json");
            assertThat(stop.exitCode()).as(stop.err()).isZero();
            assertThat(worker.awaitExit(LIMIT)).isZero();

            // Then
            JsonNode shown = stop.json();
            assertThat(shown.get("drained").asBoolean()).isTrue();
            assertThat(shown.get("entries").asInt()).isEqualTo(KEYS);
            savepoint = shown.get("path").asText();
        }

        // When: someone starts a worker of it
        try (WorkerProcess worker = worker(job, job + "-four").start()) {
            // Then
            assertThat(worker.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(worker.output()).anyMatch(line -> line.contains("cairn job start --job " + job));
        }

        // When
        Cairn.Result rescale = cairn(job, "savepoint", "rescale", savepoint, "--partitions", "6", "--output", "json");
        assertThat(rescale.exitCode()).as(rescale.err()).isZero();
        String rescaled = rescale.json().get("path").asText();
        assertThat(rescale.json().get("entries").asInt()).isEqualTo(KEYS);
        send(job + "-six", 2_000);
        for (int start = 0; start < 2; start++) {
            try (WorkerProcess worker = worker(job, job + "-six")
                    .set("execution.state-recovery.path", rescaled)
                    .start()) {
                Workers.awaitCaughtUp(broker, job, job + "-six");
                worker.terminate(LIMIT);
            }
            send(job + "-six", 500);
        }
        try (WorkerProcess worker = worker(job, job + "-six").start()) {
            Workers.awaitCaughtUp(broker, job, job + "-six");
            worker.terminate(LIMIT);
        }

        // Then
        account.verifyExactlyOnce(Readers.readCommitted(broker, job + "-out"));
        assertThat(cairn(job, "savepoint", "dispose", rescaled).exitCode()).isZero();
        assertThat(Path.of(rescaled.substring("file:".length()))).doesNotExist();
    }

    @Test
    void shouldRefuseToRescaleWhatWasNotDrained() throws Exception {
        // Given
        String job = "undrained";
        broker.createTopic(job + "-in", 2);
        broker.createTopic(job + "-out", 2);
        send(job + "-in", 200);
        try (WorkerProcess worker = worker(job, job + "-in").start()) {
            Workers.awaitCaughtUp(broker, job, job + "-in");
            worker.terminate(LIMIT);
        }
        send(job + "-in", 100);
        Cairn.Result create = cairn(job, "savepoint", "create", target(), "--output", "json");
        assertThat(create.exitCode()).as(create.err()).isZero();
        assertThat(create.json().get("drained").asBoolean()).isFalse();
        String savepoint = create.json().get("path").asText();

        // When
        Cairn.Result refused = cairn(job, "savepoint", "rescale", savepoint, "--partitions", "3");
        Cairn.Result allowed = cairn(job, "savepoint", "rescale", savepoint, "--partitions", "3", "--allow-undrained");

        // Then
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("undrained-in was read to", "--allow-undrained");
        assertThat(allowed.exitCode()).as(allowed.err()).isZero();
        try (var savepoints = Files.list(Path.of(target()))) {
            assertThat(savepoints.filter(path -> path.getFileName().toString().startsWith("savepoint-")))
                    .hasSize(2);
        }
    }

    @Test
    void shouldCancelAJobForAllOfItsWorkersUntilItIsStarted() throws Exception {
        // Given
        String job = "cancelled";
        broker.createTopic(job + "-in", 2);
        broker.createTopic(job + "-out", 2);
        send(job + "-in", 200);
        try (WorkerProcess one = worker(job, job + "-in").start();
                WorkerProcess other = worker(job, job + "-in")
                        .set("cairn.instance", "worker-2")
                        .name(job + "-2")
                        .start()) {
            Workers.awaitCaughtUp(broker, job, job + "-in");

            // When
            Cairn.Result cancel = cairn(job, "job", "cancel");

            // Then
            assertThat(cancel.exitCode()).as(cancel.err()).isZero();
            assertThat(one.awaitExit(LIMIT)).isZero();
            assertThat(other.awaitExit(LIMIT)).isZero();
        }
        assertThat(directory.resolve("checkpoints/" + job + "/partition-0")).isDirectory();

        // When
        try (WorkerProcess late = worker(job, job + "-in").start()) {
            // Then
            assertThat(late.awaitExit(LIMIT)).isEqualTo(1);
        }

        // When
        assertThat(cairn(job, "job", "start").exitCode()).isZero();
        send(job + "-in", 100);
        try (WorkerProcess again = worker(job, job + "-in")
                .set("execution.checkpointing.externalized-checkpoint-retention", "DELETE_ON_CANCELLATION")
                .start()) {
            Workers.awaitCaughtUp(broker, job, job + "-in");
            assertThat(cairn(job, "job", "cancel").exitCode()).isZero();
            assertThat(again.awaitExit(LIMIT)).isZero();
        }

        // Then: the worker's setting decided
        account.verifyExactlyOnce(Readers.readCommitted(broker, job + "-out"));
        assertThat(directory.resolve("checkpoints/" + job + "/partition-0")).doesNotExist();
        assertThat(Readers.committedOffsets(broker, job).values())
                .allSatisfy(offset -> assertThat(offset.metadata()).isEmpty());
    }

    private void send(String topic, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++, sent++) {
            String key = "key-" + sent % KEYS;
            records.add(Topics.record(topic, key, "{\"delay\":" + sent + "}"));
            account.expect(key, BigDecimal.valueOf(sent));
        }
        Topics.send(broker, records);
    }

    private WorkerProcess.Builder worker(String job, String input) {
        return Workers.aggregate(broker, directory, job, input, job + "-out").name(job);
    }

    private String target() {
        return directory.resolve("savepoints").toString();
    }

    private Cairn.Result cairn(String job, String... arguments) throws IOException, InterruptedException {
        Map<String, String> variables = new LinkedHashMap<>();
        Map.of(
                        "kafka.bootstrap.servers", broker.bootstrapServers(),
                        "cairn.job", job,
                        "state.checkpoints.dir",
                                directory.resolve("checkpoints").toString())
                .forEach((name, value) ->
                        variables.put(name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT), value));
        return Cairn.in(directory, variables, arguments);
    }
}
