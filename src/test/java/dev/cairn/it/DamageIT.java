package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/**
 * Checkpoints, local databases and offsets that were damaged while the worker was away. What cannot be restored is parked
 * with one error, the other partition continues, and once the cause is removed the job finishes by itself, with nothing lost.
 */
class DamageIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    @Tag("rule-R5")
    void shouldParkPartitionWhoseDeltaIsDamagedUntilItIsRestored() throws IOException {
        // Given
        SmallJob job = run(SmallJob.create(broker, directory, "damaged-delta").send(400));
        Path delta = newest(job.checkpoints(0), ".sst");
        byte[] whole = Files.readAllBytes(delta);
        SmallJob.flipByte(delta, 20);
        job.send(200);

        // When, Then
        try (WorkerProcess worker =
                filesOnly(job).set("state.backend.local-recovery", "false").start()) {
            awaitParked(worker, "0");
            assertThat(Errors.theOne(worker))
                    .contains(
                            "partition 0 is parked, the others continue",
                            delta.getFileName().toString())
                    .contains("CRC32C", "Restore the object", "no older checkpoint");
            awaitCaughtUp(job, 1);

            Files.write(delta, whole);
            job.awaitCaughtUp();
            worker.awaitOutput("partition 0 resumes from chk-", LIMIT);
            worker.terminate(LIMIT);
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldGoOnFromAnOlderCheckpointByTheCommandThatTheErrorNames() throws Exception {
        // Given: two retained checkpoints, and one flipped byte in the newest one's delta
        SmallJob job = SmallJob.create(broker, directory, "older-by-command").send(400);
        try (WorkerProcess worker = retaining(job).start()) {
            job.awaitCaughtUp();
            job.send(200).awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        Path delta = newest(job.checkpoints(0), ".sst");
        SmallJob.flipByte(delta, 20);
        job.send(200);

        // When
        Cairn.Result verify = Cairn.in(
                directory, Map.of(), "checkpoints", "verify", job.checkpoints(0).toString());

        // Then
        assertThat(verify.exitCode()).isEqualTo(1);
        assertThat(verify.out()).contains(delta.getFileName().toString(), "CRC32C");

        // When
        String error;
        try (WorkerProcess worker =
                retaining(job).set("state.backend.local-recovery", "false").start()) {
            awaitParked(worker, "0");
            awaitCaughtUp(job, 1);
            error = Errors.theOne(worker);
            worker.terminate(LIMIT);
        }
        Matcher command = Pattern.compile("cairn run -s (\\S+)").matcher(error);
        assertThat(command.find()).as(error).isTrue();
        try (WorkerProcess worker =
                retaining(job).arguments("run", "-s", command.group(1)).start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
        }

        // Then: what came after the older one was processed again
        job.verifyAtLeastOnce();
    }

    private static WorkerProcess.Builder retaining(SmallJob job) {
        return filesOnly(job).set("state.checkpoints.num-retained", "2");
    }

    @Test
    void shouldParkPartitionWhoseMetadataIsTruncatedUntilItIsRestored() throws IOException {
        // Given
        SmallJob job =
                run(SmallJob.create(broker, directory, "truncated-metadata").send(400));
        Path metadata = newest(job.checkpoints(1), "_metadata");
        byte[] whole = Files.readAllBytes(metadata);
        Files.write(metadata, Arrays.copyOf(whole, whole.length / 2), StandardOpenOption.TRUNCATE_EXISTING);
        job.send(200);

        // When, Then
        try (WorkerProcess worker = filesOnly(job).start()) {
            awaitParked(worker, "1");
            assertThat(Errors.theOne(worker))
                    .contains("partition 1 is parked, the others continue", "_metadata is truncated or altered")
                    .contains("Restore the object", "no older checkpoint");
            awaitCaughtUp(job, 0);

            Files.write(metadata, whole);
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-R11")
    void shouldParkPartitionWhoseCheckpointIsMissingUntilItIsBack() throws IOException {
        // Given
        SmallJob job =
                run(SmallJob.create(broker, directory, "missing-checkpoint").send(400));
        Path metadata = newest(job.checkpoints(0), "_metadata");
        Path aside = directory.resolve("aside");
        Files.move(metadata, aside);
        job.send(200);

        // When, Then
        try (WorkerProcess worker = filesOnly(job).start()) {
            awaitParked(worker, "0");
            assertThat(Errors.theOne(worker))
                    .contains("partition 0 is parked, the others continue")
                    .contains(metadata.getParent().getFileName() + "/_metadata does not exist")
                    .contains("Restore the object", "no older checkpoint");
            awaitCaughtUp(job, 1);

            Files.move(aside, metadata);
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        job.verifyExactlyOnce();
    }

    @ParameterizedTest
    @Tag("rule-R16")
    @ValueSource(strings = {"rocksdb", "hashmap"})
    void shouldRestoreFromStoreWhenLocalDatabaseIsDamaged(String backend) throws IOException {
        // Given
        SmallJob job = run(SmallJob.create(broker, directory, "damaged-database-" + backend)
                .send(400));
        for (Path file : SmallJob.files(job.local(), ".sst")) {
            SmallJob.flipByte(file, 20);
        }
        job.send(200);

        // When
        try (WorkerProcess worker = filesOnly(job).set("state.backend", backend).start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);

            // Then
            assertThat(worker.output())
                    .anyMatch(line -> line.contains("partition 0: the local database is damaged")
                            && line.contains("restored from"))
                    .noneMatch(line -> line.contains("\tat "));
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldRestoreFromStoreWhenLocalDatabaseHasLostItsFiles() throws IOException {
        // Given
        SmallJob job = run(SmallJob.create(broker, directory, "lost-database").send(400));
        for (Path file : SmallJob.files(job.local(), ".sst")) {
            Files.delete(file);
        }
        job.send(200);

        // When
        try (WorkerProcess worker = filesOnly(job).start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);

            // Then
            assertThat(worker.output())
                    .anyMatch(line -> line.contains("the local database is damaged"))
                    .noneMatch(line -> line.contains("\tat "));
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldParkPartitionWhoseOffsetsWereResetAndGoOnFromItsCheckpointWhenTold() {
        // Given
        SmallJob job = run(SmallJob.create(broker, directory, "reset-offsets").send(400));
        // A static member that has stopped stays in the group for its session time-out; only then may offsets be
        // changed.
        await("the offset is reset").atMost(LIMIT).ignoreExceptions().until(() -> {
            broker.admin()
                    .alterConsumerGroupOffsets(
                            job.name(), Map.of(new TopicPartition(job.input(), 0), new OffsetAndMetadata(0)))
                    .all()
                    .get();
            return true;
        });
        job.send(200);

        // When, Then
        try (WorkerProcess worker = filesOnly(job).start()) {
            awaitParked(worker, "0");
            assertThat(Errors.theOne(worker))
                    .contains("partition 0 is parked, the others continue", "offsets were reset")
                    .contains("cairn.recovery.on-reset=use-checkpoint", "fresh-state");
            awaitCaughtUp(job, 1);
            worker.terminate(LIMIT);
        }
        try (WorkerProcess worker =
                filesOnly(job).set("cairn.recovery.on-reset", "use-checkpoint").start()) {
            worker.awaitOutput("partition 0: .*reset, and are ignored; continuing from chk-", LIMIT);
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        job.verifyExactlyOnce();
    }

    /** Nothing inlined, so that deltas are files. */
    private static WorkerProcess.Builder filesOnly(SmallJob job) {
        return job.worker().set("state.backend.fs.memory-threshold", "0");
    }

    private static SmallJob run(SmallJob job) {
        try (WorkerProcess worker = filesOnly(job).start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        return job;
    }

    private static void awaitParked(WorkerProcess worker, String partition) {
        worker.awaitOutput("partition " + partition + " is parked", LIMIT);
    }

    private void awaitCaughtUp(SmallJob job, int partition) {
        TopicPartition input = new TopicPartition(job.input(), partition);
        long end = Readers.read(
                        broker,
                        job.input(),
                        IsolationLevel.READ_COMMITTED,
                        new StringDeserializer(),
                        new StringDeserializer())
                .partitions()
                .get(partition)
                .size();
        await(input + " is caught up")
                .atMost(LIMIT)
                .until(() -> Readers.committedOffset(broker, job.name(), input).offset() == end);
    }

    private static Path newest(Path below, String suffix) {
        List<Path> files = SmallJob.files(below, suffix);
        return files.get(files.size() - 1);
    }
}
