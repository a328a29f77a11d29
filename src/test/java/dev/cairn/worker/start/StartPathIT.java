package dev.cairn.worker.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Origin;
import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.checkpoint.store.StoredEntries;
import dev.cairn.state.StateDescriptor;
import dev.cairn.testkit.LogLines;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.store.Savepoints;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.StopWorkerException;

/** Starting a job from a checkpoint, a job's directory or a savepoint. */
class StartPathIT {

    private static final String PATH = "execution.state-recovery.path";

    private static final String CLAIM_MODE = "execution.state-recovery.claim-mode";

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @ParameterizedTest
    @Tag("rule-S5")
    @CsvSource({"true, 20kb", "true, 0", "false, 20kb"})
    void shouldBeginFromASavepointOnce(boolean incremental, String threshold) throws IOException {
        // Given
        TestJob job = new TestJob(broker, directory.resolve("before"), 2)
                .set("state.backend.incremental", Boolean.toString(incremental))
                .set("state.backend.fs.memory-threshold", threshold)
                .run("worker-1", 2);
        Path target = directory.resolve("savepoints/one");
        Savepoint savepoint = Savepoints.create(job.checkpoints().resolve(job.name()), target);
        job.moveTo(directory.resolve("after")).set(PATH, target.toString());
        job.send(20, 5);

        // When
        job.run("worker-2", 1);

        // Then
        CheckpointMetadata first = job.namedCheckpoint(1);
        assertThat(first.origins()).containsExactly(new Origin("file:" + target, savepoint.uid()));
        assertThat(savepoint.entries()).isEqualTo(10);

        // When: it is started with the same setting again, even when the savepoint is gone
        job.run("worker-2", 1);
        delete(target);
        job.run("worker-3", 1);

        // Then
        assertThat(job.namedCheckpoint(1).number()).isGreaterThan(first.number());
        assertThat(job.namedCheckpoint(1).origins()).isEqualTo(first.origins());
        job.verifyExactlyOnce();
    }

    @ParameterizedTest
    @Tag("rule-S5")
    @ValueSource(strings = {"", "/partition-0", "/partition-0/chk-%d", "/partition-0/chk-%d/_metadata"})
    void shouldBeginFromACopyOfACheckpoint(String form) {
        // Given
        TestJob job = new TestJob(broker, directory.resolve("before"), 1).run("worker-1", 2);
        String path = job.checkpoints().resolve(job.name())
                + form.formatted(job.named(0).number());
        job.moveTo(directory.resolve("after")).set(PATH, path);
        job.send(20, 5);

        // When
        job.run("worker-2", 1);
        job.run("worker-2", 1);

        // Then
        assertThat(job.namedCheckpoint(0).origins()).hasSize(1);
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-K13")
    void shouldDeleteAClaimedSavepointWhenEveryPartitionDoesWithoutIt() {
        // Given
        TestJob job = new TestJob(broker, directory.resolve("before"), 2).run("worker-1", 1);
        Path target = directory.resolve("savepoints/one");
        Savepoints.create(job.checkpoints().resolve(job.name()), target);
        job.moveTo(directory.resolve("after")).set(PATH, target.toString()).set(CLAIM_MODE, "CLAIM");

        // When
        job.run("worker-2", 1);

        // Then
        assertThat(target).doesNotExist();
        job.run("worker-3", 1).verifyExactlyOnce();
    }

    @Test
    @Tag("rule-K13")
    void shouldDeleteAClaimedCheckpointAndNothingElse() throws IOException {
        // Given
        TestJob job = new TestJob(broker, directory.resolve("before"), 1).set("state.checkpoints.num-retained", "2");
        job.run("worker-1", 3);
        List<Long> retained = numbers(job);
        Path before = job.checkpoints(0);
        Path newest = before.resolve("chk-" + retained.get(retained.size() - 1));
        job.moveTo(directory.resolve("after")).set(PATH, newest.toString()).set(CLAIM_MODE, "CLAIM");

        // When
        job.run("worker-2", 1);

        // Then
        assertThat(newest).doesNotExist();
        assertThat(before.resolve("chk-" + retained.get(0)).resolve("_metadata"))
                .exists();
        job.verifyExactlyOnce();
    }

    @Test
    void shouldNeedNothingOfWhatItWasCopiedFrom() throws IOException {
        // Given
        TestJob job = new TestJob(broker, directory.resolve("before"), 1).run("worker-1", 3);
        Path before = job.checkpoints();
        job.moveTo(directory.resolve("after"))
                .set(PATH, before.resolve(job.name()).toString());
        job.run("worker-2", 1);

        // When
        delete(before);
        delete(directory.resolve("after/local"));
        job.run("worker-3", 1);

        // Then
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-K7")
    void shouldGoBackToAnOlderCheckpointOfItsOwnAndOnFromThere() throws IOException {
        // Given
        TestJob job = new TestJob(broker, directory, 2).set("state.checkpoints.num-retained", "2");
        job.run("worker-1", 3);
        List<Long> retained = numbers(job);
        Path older = job.checkpoints(0).resolve("chk-" + retained.get(0));
        Files.delete(job.checkpoints(0).resolve("chk-" + retained.get(1)).resolve("_metadata"));

        // When
        job.set(PATH, older.toString()).run("worker-1", 1);
        job.run("worker-1", 1);

        // Then: it took the next free number, once
        CheckpointMetadata named = job.namedCheckpoint(0);
        assertThat(named.number()).isGreaterThan(retained.get(1));
        assertThat(named.origins()).hasSize(1);
        assertThat(job.namedCheckpoint(1).origins()).isEmpty();
        job.verifyAtLeastOnce();
    }

    @Test
    @Tag("rule-K1")
    void shouldRetireWhatIsNewerThanTheOneThatItWentBackToLikeAnyOther() throws IOException {
        // Given
        TestJob job = new TestJob(broker, directory, 1)
                .set("state.checkpoints.num-retained", "4")
                .set("state.backend.fs.memory-threshold", "0");
        job.run("worker-1", 5);
        List<Long> before = numbers(job);
        long older = before.get(0);
        job.set(PATH, job.checkpoints(0).resolve("chk-" + older).toString());

        // When
        try (LogLines log = new LogLines("dev.cairn.checkpoint.write.CheckpointJanitor")) {
            job.run("worker-1", 1);

            // Then: it keeps four, and the one that is not its own to delete
            List<Long> after = numbers(job);
            assertThat(after).hasSize(5).contains(older, before.get(before.size() - 1));
            assertThat(log.soFar())
                    .anyMatch(line -> line.contains("continues from chk-" + older)
                            && line.contains("chk-" + before.get(before.size() - 1))
                            && line.contains("num-retained=4"))
                    .noneMatch(line -> line.contains("never committed"));
        }

        // When: newer ones take their place, with and without the setting
        job.run("worker-1", 5);
        assertThat(numbers(job))
                .hasSize(5)
                .contains(older)
                .doesNotContainAnyElementsOf(before.subList(1, before.size()));
        job.set(PATH, "").run("worker-1", 1);
        assertThat(numbers(job)).hasSize(4).doesNotContain(older);
        job.verifyAtLeastOnce();
    }

    @Test
    @Tag("rule-S5")
    void shouldGoBackOnceMoreOnlyWhenToldAgain() throws IOException {
        // Given
        TestJob job = new TestJob(broker, directory, 1).set("state.checkpoints.num-retained", "2");
        job.run("worker-1", 3);
        long older = numbers(job).get(0);
        String path = job.checkpoints(0).resolve("chk-" + older).toString();
        job.set(PATH, path).run("worker-1", 1);
        assertThat(job.namedCheckpoint(0).origins()).hasSize(1);

        // When
        try (LogLines log = new LogLines("dev.cairn.worker.start.StartPath")) {
            job.run("worker-1", 1);

            // Then
            assertThat(log.soFar())
                    .anyMatch(line -> line.contains(PATH) && line.contains("is ignored") && line.contains("--again"));
        }
        assertThat(job.namedCheckpoint(0).origins()).hasSize(1);

        // When
        job.set("cairn.recovery.again", "2").run("worker-1", 1);

        // Then
        List<Origin> origins = job.namedCheckpoint(0).origins();
        assertThat(origins).extracting(Origin::again).containsExactly("2");
        job.run("worker-1", 1);
        assertThat(job.namedCheckpoint(0).origins()).isEqualTo(origins);
        job.set("cairn.recovery.again", "").run("worker-1", 1);
        assertThat(job.namedCheckpoint(0).origins()).isEqualTo(origins);
        job.verifyAtLeastOnce();
    }

    @Test
    void shouldRefuseStateThatNobodyDeclaresUnlessToldOtherwise() {
        // Given
        Path stored = new StoredEntries(directory.resolve("stored"), "other", 1)
                .state("forgotten", "serializer")
                .put(0, "forgotten", "a", "1")
                .store();
        TestJob job = new TestJob(broker, directory.resolve("job"), 1).set(PATH, stored.toString());
        job.send(20, 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining("no state named forgotten")
                    .hasMessageContaining("ignore-unclaimed-state");
        }

        // When
        job.set("execution.state-recovery.ignore-unclaimed-state", "true").run("worker-1", 1);

        // Then: it is carried on
        assertThat(job.namedCheckpoint(0).states())
                .extracting(StateDescriptor::name)
                .containsExactly("forgotten", "total");
        job.verifyExactlyOnce();
    }

    @Test
    void shouldRefuseAStateOfAnotherSerializerWithBothNames() {
        // Given
        Path stored = new StoredEntries(directory.resolve("stored"), "other", 1)
                .state("total", "another.Serializer")
                .store();
        TestJob job = new TestJob(broker, directory.resolve("job"), 1).set(PATH, stored.toString());

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Then
            assertThat(worker.awaitFailure())
                    .hasMessageContaining("another.Serializer")
                    .hasMessageContaining("json(dev.cairn.testkit.worker.TotalProcessor$Total)");
        }
    }

    @Test
    void shouldMakeASavepointOfAJobThatRunsAndRetiresItsCheckpoints() {
        // Given
        TestJob job = new TestJob(broker, directory.resolve("before"), 2)
                .set("execution.checkpointing.interval", "10ms")
                .set("state.backend.fs.memory-threshold", "0");
        Path target = directory.resolve("savepoints/one");
        try (EmbeddedWorker worker = job.start("worker-1")) {
            worker.awaitRunning(0).awaitRunning(1);
            // Twice: a checkpoint is known to be committed by the one that follows it.
            job.send(20, 5);
            job.awaitCommitted();
            job.send(20, 5);
            job.awaitCommitted();

            // When
            Thread sender = new Thread(() -> {
                for (int i = 0; i < 20; i++) {
                    job.send(20, 5);
                }
            });
            sender.start();
            Savepoint savepoint = Savepoints.create(job.checkpoints().resolve(job.name()), target);
            join(sender);

            // Then
            assertThat(savepoint.entries()).isEqualTo(10);
            job.awaitCommitted();
        }
        job.verifyExactlyOnce();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldRefuseAPathWithNothingThere() {
        // Given
        TestJob job = new TestJob(broker, directory, 1)
                .set(PATH, directory.resolve("nothing/here").toString());

        // When, Then
        assertThatThrownBy(() -> job.start("worker-1"))
                .isInstanceOf(StopWorkerException.class)
                .hasMessageContaining(PATH)
                .hasMessageContaining("nothing/here");
        assertThat(directory.resolve("nothing")).doesNotExist();
    }

    @Test
    @Tag("rule-R8")
    void shouldParkWhenASavepointIsForAnotherNumberOfPartitions() {
        // Given
        TestJob small = new TestJob(broker, directory.resolve("small"), 1).run("worker-1", 1);
        Path target = directory.resolve("savepoints/one");
        Savepoints.create(small.checkpoints().resolve(small.name()), target);
        TestJob job = new TestJob(broker, directory.resolve("large"), 2).set(PATH, target.toString());

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Then
            assertThat(worker.awaitParked(0)).contains("has 2 partitions", "is for 1", "cairn savepoint rescale");
            assertThat(worker.awaitParked(1)).contains("no partition 1", "cairn savepoint rescale");
        }
    }

    @Test
    void shouldParkWhenWhatItStartsFromIsDamaged() throws IOException {
        // Given
        TestJob job = new TestJob(broker, directory.resolve("before"), 1).run("worker-1", 1);
        Path target = directory.resolve("savepoints/one");
        Savepoints.create(job.checkpoints().resolve(job.name()), target);
        Path file = target.resolve("partition-0/000001.sst");
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
        job.moveTo(directory.resolve("after")).set(PATH, target.toString());

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Then
            assertThat(worker.awaitParked(0)).contains("000001.sst", PATH);
        }
    }

    private static List<Long> numbers(TestJob job) throws IOException {
        try (Stream<Path> checkpoints = Files.list(job.checkpoints(0))) {
            return checkpoints
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("chk-"))
                    .map(name -> Long.parseLong(name.substring("chk-".length())))
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
