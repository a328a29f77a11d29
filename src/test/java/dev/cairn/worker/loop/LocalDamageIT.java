package dev.cairn.worker.loop;

import static dev.cairn.checkpoint.write.CheckpointStep.METADATA_WRITTEN;
import static dev.cairn.checkpoint.write.CheckpointStep.SST_WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.checkpoint.store.StoredDamage;
import dev.cairn.checkpoint.write.Damage;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.testkit.LogLines;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.fault.OutputPauses;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.store.ForwardingObjectStore;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerState;

/** A worker whose local disk is damaged under it: the partition is restored or parked, and the others notice nothing. */
class LocalDamageIT {

    /** So many that no block but those that are asked for is in a cache. */
    private static final int KEYS = 3000;

    /** In the middle of the values: what is read when a file is opened lies behind, and the first block is in a cache. */
    private static final double WHERE = 0.2;

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @ParameterizedTest
    @Tag("rule-R16")
    @ValueSource(booleans = {true, false})
    void shouldRestoreDamagedPartitionWhileTheOthersGoOn(boolean incremental) {
        // Given: a worker with nothing in its caches, and a store that gives nothing yet
        TestJob job = stored().set("state.backend.incremental", Boolean.toString(incremental));
        CountDownLatch downloads = new CountDownLatch(1);
        try (LogLines log = new LogLines(LoopPartitions.class);
                EmbeddedWorker worker = job.worker("worker-1", new StepGate(), store -> heldUp(store, downloads))
                        .start()) {
            worker.awaitRunning(0).awaitRunning(1);

            // When
            Damage.flip(largest(0), WHERE);
            job.sendTo(0, KEYS, KEYS);
            await("the partition is being restored")
                    .atMost(LIMIT)
                    .until(() -> worker.partition(0).orElseThrow() == PartitionState.RESTORING);

            // Then: what it has processed is committed, and the others continue
            job.sendTo(1, 20, 5);
            await("the others are committed")
                    .atMost(LIMIT)
                    .until(() -> job.committed(1).offset() >= job.end(1));
            assertThat(worker.partition(0)).contains(PartitionState.RESTORING);
            downloads.countDown();
            job.awaitCommitted();
            assertThat(log.soFar())
                    .filteredOn(line -> line.contains("the local database is damaged"))
                    .hasSize(1);
            assertThat(worker.rollBacks()).isZero();
        }
        job.verifyExactlyOnce();
    }

    private static ObjectStore heldUp(ObjectStore store, CountDownLatch until) {
        return new ForwardingObjectStore(store) {
            @Override
            public void download(String key, Path target, LongConsumer arrived) {
                try {
                    until.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new StorageException("interrupted", e);
                }
                super.download(key, target, arrived);
            }
        };
    }

    /** Measured, so that it needs a machine that has nothing else to do. */
    @Test
    @Tag("chaos")
    void shouldNotHoldUpTheOthersForASecond() {
        // Given
        TestJob job = stored();
        try (EmbeddedWorker worker = job.start("worker-1");
                OutputPauses pauses = OutputPauses.of(broker, job.output(), 2, "p1-")) {
            worker.awaitRunning(0).awaitRunning(1);
            Duration usual = awaitResults(job, pauses, 10);

            // When
            Damage.flip(largest(0), WHERE);
            job.sendTo(0, KEYS, KEYS);
            Duration longest = awaitResults(job, pauses, 50);
            job.awaitCommitted();

            // Then
            assertThat(worker.rollBacks()).isZero();
            assertThat(longest.minus(usual)).isLessThan(LONGEST_PAUSE);
        }
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-R15")
    void shouldParkPartitionWhoseDamageIsInTheStoreToo() {
        // Given: what was uploaded damaged, by a worker that did not look
        TestJob job = stored();
        Damage.flip(largest(0), WHERE);
        StoredDamage.ofLargestDelta(job.checkpoints().toString(), job.name(), 0, WHERE);
        try (LogLines log = new LogLines(LoopPartitions.class);
                EmbeddedWorker worker = job.start("worker-1")) {
            worker.awaitRunning(0).awaitRunning(1);

            // When
            job.sendTo(0, KEYS, KEYS);

            // Then
            assertThat(worker.awaitParked(0)).contains("was damaged before it was stored", "Restore the object");
            assertThat(log.soFar())
                    .filteredOn(line -> line.contains("the local database is damaged"))
                    .hasSize(1);
            job.sendTo(1, 20, 5);
            await("the others are committed")
                    .atMost(LIMIT)
                    .until(() -> job.committed(1).offset() >= job.end(1));
            assertThat(worker.rollBacks()).isZero();
        }
    }

    /** What RocksDB's own compaction finds is met by the next ingestion, too. */
    @Test
    @Tag("rule-C10")
    void shouldRestorePartitionThatCannotIngestWhatIsCommitted() {
        // Given
        TestJob job = stored();
        try (LogLines log = new LogLines(LoopPartitions.class);
                EmbeddedWorker worker = job.start("worker-1").awaitRunning(0).awaitRunning(1)) {
            StepGate.Hold written = worker.gate().holdAt(METADATA_WRITTEN);
            job.sendTo(0, KEYS, KEYS);
            written.awaitHeld();

            // When: the footer, without which the file cannot be opened
            files(partition(0).resolve("staging"), ".sst").forEach(file -> Damage.flip(file, 1));
            written.release();
            job.sendTo(0, KEYS, KEYS);
            job.awaitCommitted();

            // Then
            log.await("the local database is damaged");
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            assertThat(worker.rollBacks()).isZero();
            job.sendTo(0, KEYS, KEYS);
            job.awaitCommitted();
        }
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-C13")
    void shouldNotUploadAFileThatIsDamagedOnItsWay() {
        // Given
        TestJob job = stored();
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0).awaitRunning(1)) {
            StepGate.Hold written = worker.gate().holdAt(SST_WRITTEN);
            job.sendTo(0, KEYS, KEYS);
            written.awaitHeld();

            // When
            files(partition(0).resolve("staging"), ".sst").forEach(file -> Damage.flip(file, 0.4));
            written.release();
            job.awaitCommitted();

            // Then
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
        }
        job.verifyExactlyOnce();
        job.removeMember("worker-1");
        try (EmbeddedWorker elsewhere = job.start("worker-2").awaitRunning(0)) {
            job.sendTo(0, KEYS, KEYS);
            job.awaitCommitted();
            assertThat(elsewhere.rollBacks()).isZero();
        }
        job.verifyExactlyOnce();
    }

    /** A job of two partitions with a checkpoint of many keys, whose worker has stopped. */
    private TestJob stored() {
        TestJob job = new TestJob(broker, directory, 2)
                .set("state.backend.fs.memory-threshold", "0")
                .set("execution.checkpointing.interval", "100ms");
        job.sendTo(0, KEYS, KEYS);
        job.sendTo(1, 5, 5);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            worker.awaitRunning(0).awaitRunning(1);
            job.awaitCommitted();
        }
        return job;
    }

    /** Sends until so many more results have come. @return the longest wait so far */
    private static Duration awaitResults(TestJob job, OutputPauses pauses, int count) {
        long before = pauses.results();
        await("results").atMost(LIMIT).until(() -> {
            job.sendTo(1, 1, 5);
            return pauses.results() >= before + count;
        });
        return pauses.longest();
    }

    private Path largest(int partition) {
        return files(partition(partition).resolve("db"), ".sst").stream()
                .max(Comparator.comparingLong(file -> file.toFile().length()))
                .orElseThrow();
    }

    private Path partition(int partition) {
        try (Stream<Path> all = Files.walk(directory.resolve("local"))) {
            return all.filter(path -> path.endsWith("worker-1/partition-" + partition))
                    .findAny()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path directory, String suffix) {
        try (Stream<Path> all = Files.list(directory)) {
            List<Path> found =
                    all.filter(path -> path.toString().endsWith(suffix)).toList();
            assertThat(found).isNotEmpty();
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
