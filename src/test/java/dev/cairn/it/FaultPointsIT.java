package dev.cairn.it;

import static dev.cairn.checkpoint.write.CheckpointStep.COMMITTED;
import static dev.cairn.checkpoint.write.CheckpointStep.FROZEN;
import static dev.cairn.checkpoint.write.CheckpointStep.INGESTED;
import static dev.cairn.checkpoint.write.CheckpointStep.METADATA_WRITTEN;
import static dev.cairn.checkpoint.write.CheckpointStep.OBJECT_DELETED;
import static dev.cairn.checkpoint.write.CheckpointStep.OFFSETS_SENT;
import static dev.cairn.checkpoint.write.CheckpointStep.SST_WRITTEN;
import static dev.cairn.checkpoint.write.CheckpointStep.UPLOADED;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.fault.FaultyWorkerMain;
import dev.cairn.testkit.fault.FaultyWorkerMain.Counting;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.testkit.verify.Invariants;
import dev.cairn.testkit.worker.WorkerProcess;
import dev.cairn.worker.Worker;
import dev.cairn.worker.status.WorkerState;

/** A worker dies by {@code kill -9} exactly at a step of the protocol, and another one continues. */
class FaultPointsIT {

    private static final AtomicInteger JOBS = new AtomicInteger();
    private static final int PARTITIONS = 2;
    private static final int KEYS = 40;
    private static final int BATCH = 50;
    private static final int RETAINED = 2;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    private Path directory;

    /**
     * Where the worker dies.
     *
     * @param occurrence the how-manieth time that the step is reached
     * @param counting what the occurrences are counted in
     * @param records how many inputs there are; each takes 2 ms
     * @param settings in addition to the usual ones
     * @param before where it dies first, and is started again
     */
    record Death(
            CheckpointStep step,
            int occurrence,
            Counting counting,
            int records,
            Map<String, String> settings,
            Optional<Death> before) {

        static Death at(CheckpointStep step, int occurrence) {
            return new Death(step, occurrence, Counting.OVERALL, 1_500, Map.of(), Optional.empty());
        }

        Death thenAt(CheckpointStep nextStep, int nextOccurrence) {
            return new Death(nextStep, nextOccurrence, Counting.OVERALL, records, settings, Optional.of(this));
        }

        Death with(String setting, String value) {
            Map<String, String> more = new LinkedHashMap<>(settings);
            more.put(setting, value);
            return new Death(step, occurrence, counting, records, more, before);
        }

        Death of(int otherRecords) {
            return new Death(step, occurrence, counting, otherRecords, settings, before);
        }

        Death afterOneCheckpoint() {
            return new Death(step, occurrence, Counting.AFTER_ONE_CHECKPOINT, records, settings, before);
        }

        Death whole() {
            return with("state.backend.incremental", "false");
        }

        Death inFiles() {
            return with("state.backend.fs.memory-threshold", "0b");
        }

        Death onTheHeap() {
            return with("state.backend", "hashmap");
        }

        Death atLeastOnce() {
            return with("execution.checkpointing.mode", "AT_LEAST_ONCE");
        }

        boolean isExactlyOnce() {
            return !settings.containsValue("AT_LEAST_ONCE");
        }

        @Override
        public String toString() {
            return before.map(death -> death + ", then ").orElse("") + step + " for the " + occurrence + ". time "
                    + counting + (settings.isEmpty() ? "" : ", " + settings);
        }
    }

    static Stream<Death> deaths() {
        return Stream.of(
                Death.at(FROZEN, 7),
                Death.at(SST_WRITTEN, 7),
                Death.at(UPLOADED, 7),
                Death.at(METADATA_WRITTEN, 7),
                Death.at(OFFSETS_SENT, 7),
                Death.at(COMMITTED, 7),
                Death.at(INGESTED, 7),
                // The first clean-up: metadata of chk-1, and then its marker, and its delta where that is a file.
                Death.at(OBJECT_DELETED, 1),
                // Before anything was ever committed, and just after.
                Death.at(METADATA_WRITTEN, 2),
                Death.at(COMMITTED, 1),
                Death.at(UPLOADED, 7).whole(),
                Death.at(COMMITTED, 7).whole(),
                Death.at(OBJECT_DELETED, 1).whole(),
                Death.at(UPLOADED, 7).inFiles(),
                Death.at(INGESTED, 7).inFiles(),
                // Once the chain is long, 128 files, a base takes its place, and all of them go with one request.
                Death.at(OBJECT_DELETED, 40).afterOneCheckpoint().inFiles().of(20_000),
                // What failed checkpoints left behind is cleaned up by the next worker, which dies of it.
                Death.at(METADATA_WRITTEN, 7).whole().thenAt(OBJECT_DELETED, 2),
                Death.at(OFFSETS_SENT, 7).onTheHeap(),
                Death.at(COMMITTED, 7).onTheHeap().inFiles(),
                Death.at(UPLOADED, 7).onTheHeap().with("state.backend.async", "false"),
                Death.at(METADATA_WRITTEN, 7).atLeastOnce(),
                Death.at(OFFSETS_SENT, 7).atLeastOnce(),
                Death.at(COMMITTED, 7).atLeastOnce());
    }

    @ParameterizedTest
    @Tag("rule-C10")
    @Tag("rule-C11")
    @MethodSource("deaths")
    void shouldLoseNothingWhenKilledAt(Death death) {
        // Given
        String job = "fault-" + death.step().name().toLowerCase(Locale.ROOT) + "-" + JOBS.incrementAndGet();
        AggregateVerifier verifier = createTopics(job, death.records());
        Invariants invariants = new Invariants(
                broker, job, job + "-input", "/value", directory.resolve("checkpoints"), directory.resolve("scratch"));
        Map<String, String> settings = settings(job, death);

        // When
        death.before().ifPresent(before -> runUntilDead(job, before, settings));
        runUntilDead(job, death, settings);

        // Then
        assertThat(invariants.backlog()).as("inputs that the dead worker left").isPositive();
        int committed = invariants.assertStoreHolds();
        invariants.assertDiskHolds(directory.resolve("local"), "worker-1");
        if (death.occurrence() > PARTITIONS) {
            assertThat(committed).as("partitions with a committed checkpoint").isEqualTo(PARTITIONS);
        }
        if (death.step() == OBJECT_DELETED && death.occurrence() == 1) {
            // Metadata goes with a request of its own, and files with the next one.
            assertThat(invariants.orphans())
                    .as("objects that were still to be deleted")
                    .isNotEmpty();
        }

        // When
        runToTheEnd(job, settings);

        // Then
        if (death.isExactlyOnce()) {
            verifier.verifyExactlyOnce(Readers.readCommitted(broker, job + "-output"));
        } else {
            verifier.verifyAtLeastOnce(Readers.readCommitted(broker, job + "-output"));
        }
        assertThat(invariants.assertStoreHolds()).isEqualTo(PARTITIONS);
        invariants.assertDiskHolds(directory.resolve("local"), "worker-1");
        invariants.assertTidy(RETAINED);
    }

    private AggregateVerifier createTopics(String job, int records) {
        broker.createTopic(job + "-input", PARTITIONS);
        broker.createTopic(job + "-output", PARTITIONS);
        AggregateVerifier verifier = new AggregateVerifier();
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            String key = "key-" + i * 7 % KEYS;
            all.add(Topics.record(job + "-input", key, "{\"value\":" + i + "}"));
            verifier.expect(key, BigDecimal.valueOf(i));
        }
        // In small batches, so that the worker goes from one partition to the other and back.
        List<Future<RecordMetadata>> answers = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = Topics.producer(broker)) {
            for (int i = 0; i < records; i++) {
                answers.add(producer.send(all.get(i)));
                if (i % BATCH == BATCH - 1) {
                    producer.flush();
                }
            }
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LIMIT));
        return verifier;
    }

    private Map<String, String> settings(String job, Death death) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
        settings.put("kafka.max.poll.records", "10");
        settings.put("kafka.max.partition.fetch.bytes", "1000");
        settings.put("cairn.job", job);
        settings.put("cairn.input.topics", job + "-input");
        settings.put("cairn.output.topic", job + "-output");
        settings.put("cairn.instance", "worker-1");
        settings.put("cairn.threads", "1");
        settings.put("execution.checkpointing.interval", "50ms");
        settings.put("state.checkpoints.num-retained", Integer.toString(RETAINED));
        settings.put("state.checkpoints.dir", directory.resolve("checkpoints").toString());
        settings.put(
                "taskmanager.state.local.root-dirs", directory.resolve("local").toString());
        settings.putAll(death.settings());
        return settings;
    }

    private void runUntilDead(String job, Death death, Map<String, String> settings) {
        try (WorkerProcess worker = WorkerProcess.ofMain(FaultyWorkerMain.class)
                .name(job)
                .jvm("-XX:TieredStopAtLevel=1")
                .set(settings)
                .set(FaultyWorkerMain.STEP, death.step().name())
                .set(FaultyWorkerMain.OCCURRENCE, Integer.toString(death.occurrence()))
                .set(FaultyWorkerMain.COUNTING, death.counting().name())
                .set(FaultyWorkerMain.MICROS_PER_RECORD, "2000")
                .start()) {
            worker.awaitOutput("^dies at " + death.step(), LIMIT);
            assertThat(worker.awaitExit(LIMIT))
                    .as("exit code of a process that was killed")
                    .isEqualTo(128 + 9);
        }
    }

    private void runToTheEnd(String job, Map<String, String> settings) {
        Map<String, String> variables = new LinkedHashMap<>();
        settings.forEach((name, value) ->
                variables.put(name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT), value));
        Worker worker = FaultyWorkerMain.worker(variables);
        try {
            worker.start();
            Workers.awaitCaughtUp(broker, job, job + "-input");
        } finally {
            worker.stop();
        }
        assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    }
}
