package dev.cairn.worker.start;

import static dev.cairn.checkpoint.write.CheckpointStep.METADATA_WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.StoredDamage;
import dev.cairn.checkpoint.store.StoredEntries;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerState;

/** Where a partition starts: each row of the table, with a group and a store that were brought there for real. */
class RestoreTableIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    /** Where a local database is when a partition is restored. */
    enum LocalDatabase {
        KEPT,
        GONE
    }

    @ParameterizedTest
    @Tag("rule-R4")
    @Tag("rule-T2")
    @EnumSource(LocalDatabase.class)
    void shouldRestoreTheNamedCheckpoint(LocalDatabase local) {
        // Given
        TestJob job = stopped(2);
        CheckpointId named = job.named(0);
        if (local == LocalDatabase.GONE) {
            job.set(
                    "taskmanager.state.local.root-dirs",
                    directory.resolve("elsewhere").toString());
        }

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.send(20, 5);
            job.awaitCommitted();

            // Then
            assertThat(job.named(0).number()).isGreaterThan(named.number());
            assertThat(job.namedCheckpoint(0).parent()).isNotNull();
            assertThat(worker.rollBacks()).isZero();
        }
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-R1")
    @Tag("rule-R11")
    @Tag("rule-T3")
    void shouldParkWhenTheNamedCheckpointIsMissingWhileOthersGoOn() throws IOException {
        // Given
        TestJob job = stopped(2);
        Path metadata = metadata(job, 0);
        Path elsewhere = Files.move(metadata, directory.resolve("moved"));
        job.send(20, 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            String cause = worker.awaitParked(0);
            worker.awaitRunning(1);
            awaitEnd(job, 1);

            // Then
            assertThat(cause).contains("chk-", "Restore the object", "no older checkpoint");
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);

            // When: the object is back, it continues by itself
            Files.move(elsewhere, metadata);
            worker.awaitRunning(0);
            job.awaitCommitted();
        }
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-R5")
    @Tag("rule-T3")
    void shouldParkWhenTheNamedCheckpointIsDamaged() throws IOException {
        // Given
        TestJob job = stopped(2);
        Path metadata = metadata(job, 0);
        byte[] content = Files.readAllBytes(metadata);
        Files.write(metadata, Arrays.copyOf(content, content.length / 2));
        job.send(20, 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            String cause = worker.awaitParked(0);
            awaitEnd(job, 1);

            // Then
            assertThat(cause).contains(metadata.getParent().getFileName().toString(), "truncated or altered");
        }
    }

    @Test
    @Tag("rule-T3")
    void shouldGoOnFromAnOlderCheckpointWhenTheSettingSaysSo() throws IOException {
        // Given
        TestJob job = new TestJob(broker, directory, 1).set("state.checkpoints.num-retained", "3");
        job.run("worker-1", 3);
        CheckpointId named = job.named(0);
        Files.delete(metadata(job, 0));
        job.set("cairn.recovery.on-damage", "use-older");

        // When
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.send(20, 5);
            await().atMost(LIMIT).until(() -> job.named(0).number() > named.number());
            job.awaitCommitted();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
        }

        // Then: what came after the older one is processed again, on purpose
        job.verifyAtLeastOnce();
    }

    @ParameterizedTest
    @Tag("rule-R13")
    @Tag("rule-T1")
    @ValueSource(strings = {"cairn.recovery.on-reset=use-checkpoint", "cairn.recovery.on-reset=fresh-state"})
    void shouldParkWhenANewerVersionHasCommittedWhateverTheSettingsSay(String setting) throws Exception {
        // Given
        TestJob job = stopped(2).set(setting.split("=", 2)[0], setting.split("=", 2)[1]);
        OffsetAndMetadata committed = job.committed().get(new TopicPartition(job.input(), 0));
        alter(job, Map.of(0, new OffsetAndMetadata(committed.offset(), "cairn/2:" + "what a newer version writes")));
        job.send(20, 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            String cause = worker.awaitParked(0);
            awaitEnd(job, 1);

            // Then
            assertThat(cause).contains("cairn/2", "cairn/1", "Another version wrote it");
            assertThat(offset(job, 0)).isEqualTo(committed.offset());
        }
    }

    @Test
    @Tag("rule-R13")
    void shouldParkWhenANewerVersionWroteTheCheckpointAndTakeNoOlderOne() throws Exception {
        // Given
        TestJob job = new TestJob(broker, directory, 1).set("state.checkpoints.num-retained", "3");
        job.run("worker-1", 3);
        StoredDamage.otherFormat(
                job.checkpoints().toString(), job.name(), 0, job.named(0).number(), 2);
        job.set("cairn.recovery.on-damage", "use-older");

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Then
            assertThat(worker.awaitParked(0)).contains("format version 2", "reads 1", "Another version wrote it");
        }
    }

    @Test
    @Tag("rule-T4")
    void shouldStartWithEmptyStateAtTheOffsetsOfAGroupThatMovesToCairn() throws Exception {
        // Given
        TestJob job = new TestJob(broker, directory, 1);
        job.sendUnexpected(0, 10);
        alter(job, Map.of(0, new OffsetAndMetadata(10, "someone else's")));
        job.send(20, 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.awaitCommitted();
            assertThat(worker.status().records()).isEqualTo(20);
        }

        // Then
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-T5")
    void shouldParkWhenSomebodyResetTheOffsets() throws Exception {
        // Given
        TestJob job = stopped(2);
        alter(job, Map.of(0, new OffsetAndMetadata(3)));
        job.send(20, 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            String cause = worker.awaitParked(0);
            awaitEnd(job, 1);

            // Then
            assertThat(cause).contains("reset", "cairn.recovery.on-reset=use-checkpoint", "fresh-state");
            assertThat(offset(job, 0)).isEqualTo(3);
        }
    }

    @Test
    @Tag("rule-R6")
    void shouldParkWhenSomebodyMovedTheOffsetsAndKeptTheirMetadata() throws Exception {
        // Given
        TestJob job = stopped(1);
        String metadata = job.committed(0).metadata();
        alter(job, Map.of(0, new OffsetAndMetadata(3, metadata)));

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Then
            assertThat(worker.awaitParked(0)).contains("the group's offset 3", "someone changed it");
        }
    }

    @Test
    @Tag("rule-T5")
    void shouldIgnoreResetOffsetsWhenTheSettingSaysSo() throws Exception {
        // Given
        TestJob job = stopped(1).set("cairn.recovery.on-reset", "use-checkpoint");
        alter(job, Map.of(0, new OffsetAndMetadata(3)));
        job.send(20, 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.awaitCommitted();
            assertThat(worker.status().records()).isEqualTo(20);
        }

        // Then
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-T5")
    void shouldStartWithFreshStateAtResetOffsetsWhenTheSettingSaysSo() throws Exception {
        // Given
        TestJob job = stopped(1).set("cairn.recovery.on-reset", "fresh-state");
        long end = job.sent();
        alter(job, Map.of(0, new OffsetAndMetadata(end - 10)));

        // When
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.awaitCommitted();

            // Then
            assertThat(worker.status().records()).isEqualTo(10);
        }
        assertThat(Readers.readCommitted(broker, job.output()).records())
                .last()
                .satisfies(record -> assertThat(record.value()).contains("\"count\":2,"));
    }

    @Test
    @Tag("rule-T6")
    @Tag("rule-K7")
    void shouldGoOnFromTheNewestCommittedCheckpointWhenOffsetsExpired() throws Exception {
        // Given
        TestJob job = stopped(2);
        get(broker.admin().deleteConsumerGroups(List.of(job.name())).all());
        job.send(20, 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.awaitCommitted();

            // Then
            assertThat(worker.status().records()).isEqualTo(40);
        }
        job.verifyExactlyOnce();
    }

    /** A checkpoint that was written and never committed is newer, and must not be taken for the truth. */
    @Test
    @Tag("rule-R12")
    @Tag("rule-T6")
    void shouldNotTakeAWrittenCheckpointForACommittedOneWhenOffsetsExpired() throws Exception {
        // Given
        TestJob job = stopped(1);
        EmbeddedWorker dying = job.start("worker-1").awaitRunning(0);
        long committed = job.named(0).number();
        StepGate.Hold written = dying.gate().holdAt(METADATA_WRITTEN);
        job.send(20, 5);
        written.awaitHeld();
        Path copy = directory.resolve("copy");
        copy(job.checkpoints(), copy);
        dying.close();
        assertThat(copy.resolve(job.name()).resolve("partition-0/chk-" + (committed + 1) + "/_metadata"))
                .exists();

        // When: the store holds what it held at that moment, and the group is gone
        job.awaitNoMembers();
        get(broker.admin().deleteConsumerGroups(List.of(job.name())).all());
        Files.move(job.checkpoints(), directory.resolve("later"));
        Files.move(copy, job.checkpoints());
        try (EmbeddedWorker worker = job.start("worker-2").awaitRunning(0)) {
            job.awaitCommitted();

            // Then: the records of the checkpoint that was never committed are read once more
            assertThat(worker.status().records()).isEqualTo(20);
        }
    }

    @Test
    @Tag("rule-T7")
    void shouldParkWhenOffsetsExpiredAndNothingProvesACommit() throws Exception {
        // Given: neither a mark, nor a child, nor a local database
        TestJob job = stopped(1);
        Files.delete(metadata(job, 0).resolveSibling("_committed"));
        get(broker.admin().deleteConsumerGroups(List.of(job.name())).all());
        job.set(
                "taskmanager.state.local.root-dirs",
                directory.resolve("elsewhere").toString());

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Then
            assertThat(worker.awaitParked(0))
                    .contains("the group has no offsets", "none of the checkpoints", "move them away");
        }
    }

    @Test
    @Tag("rule-R1")
    @Tag("rule-T8")
    void shouldStartANewJobAtTheEarliestRecord() {
        // Given
        TestJob job = new TestJob(broker, directory, 1).set("cairn.input.start", "earliest");
        job.send(20, 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.awaitCommitted();
            assertThat(worker.status().records()).isEqualTo(20);
        }

        // Then
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-C19")
    @Tag("rule-R14")
    @Tag("rule-T8")
    void shouldStartANewJobAtTheLatestRecordAndRememberWhereThatWas() {
        // Given
        TestJob job = new TestJob(broker, directory, 1).set("cairn.input.start", "latest");
        job.sendUnexpected(0, 10);
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.named(0);
            assertThat(worker.status().records()).isZero();
        }

        // When: what comes while it is away is not skipped
        job.send(20, 5);
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.awaitCommitted();
            assertThat(worker.status().records()).isEqualTo(20);
        }

        // Then
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-R7")
    void shouldParkWhenTheInputWasDeletedBelowTheRecordedPosition() {
        // Given
        TestJob job = stopped(2);
        long recorded = offset(job, 0);
        job.send(20, 5);
        broker.deleteRecords(job.input(), 0, recorded + 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            String cause = worker.awaitParked(0);
            awaitEnd(job, 1);

            // Then
            assertThat(cause)
                    .contains(
                            "deleted below the position",
                            "the position is " + recorded,
                            "5 offsets are lost",
                            "cairn.recovery.on-lost-input=skip");
            assertThat(offset(job, 0)).isEqualTo(recorded);
        }

        // When it is told to accept the loss
        job.set("cairn.recovery.on-lost-input", "skip");
        try (EmbeddedWorker worker = job.start("worker-1")) {
            awaitEnd(job, 0);

            // Then
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
        }
    }

    @Test
    @Tag("rule-C14")
    @Tag("rule-R8")
    void shouldHoldOldAndNewPartitionsWhenAnInputGrows() throws Exception {
        // Given
        TestJob job = new TestJob(broker, directory, 2).set("kafka.metadata.max.age.ms", "1000");
        job.send(20, 5);
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.awaitCommitted();

            // When
            get(broker.admin()
                    .createPartitions(Map.of(job.input(), NewPartitions.increaseTo(3)))
                    .all());

            // Then: without a record
            for (int partition = 0; partition < 3; partition++) {
                assertThat(worker.awaitParked(partition))
                        .contains("has 3 partitions", "when it had 2", "savepoint rescale", "--partitions 3");
            }
        }
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-R8")
    void shouldRunWithAnyNumberOfPartitionsWithoutState() {
        // Given
        CheckpointMetadata without = stored(new StoredEntries(directory.resolve("without"), "job", 2));
        CheckpointMetadata with = stored(new StoredEntries(directory.resolve("with"), "job", 2).state("total", "json"));
        Map<String, InputTopic> grown = Map.of("clicks", new InputTopic("id", 3));

        // When, Then
        PartitionCounts.check(without, grown, Set.of());
        PartitionCounts.check(with, grown, Set.of("clicks"));
        assertThatThrownBy(() -> PartitionCounts.check(with, grown, Set.of()))
                .isInstanceOf(UnfitException.class)
                .hasMessageContaining("has 3 partitions");
    }

    private static CheckpointMetadata stored(StoredEntries entries) {
        Path directory = entries.store();
        try (ObjectStore objects = ObjectStores.open(directory.getParent().toString())) {
            return new CheckpointStore(objects, "job", 0).read(1);
        }
    }

    /** The owner continues, and retires what a slow restorer has just read that the group names. */
    @Test
    @Tag("rule-R10")
    @Tag("rule-T3")
    void shouldReadThePointerAgainWhenItWasOvertaken() throws Exception {
        // Given
        TestJob job = stopped(1);
        OffsetAndMetadata newest = job.committed(0);
        CheckpointId retired = new CheckpointId(1, "retired");
        alter(job, Map.of(0, new OffsetAndMetadata(newest.offset(), retired.toPointer())));
        StepGate gate = new StepGate();
        StepGate.Hold restorer = gate.holdBeforeRecord("list");

        // When
        try (EmbeddedWorker worker = job.worker("worker-1", gate, objects -> overtaken(objects, job, gate))
                .start()) {
            restorer.awaitHeld();
            job.commitBesideTheGroup(0, newest);
            restorer.release();
            await().pollInterval(Duration.ofMillis(20)).atMost(LIMIT).until(() -> worker.partition(0)
                    .filter(state -> state != PartitionState.RESTORING)
                    .isPresent());

            // Then: it has never been parked
            assertThat(worker.partition(0)).contains(PartitionState.RUNNING);
            job.send(20, 5);
            job.awaitCommitted();
        }
        job.verifyExactlyOnce();
    }

    /** A store in which listing a partition of the job can be held. */
    private static ObjectStore overtaken(ObjectStore objects, TestJob job, StepGate gate) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("list") && arguments[0].equals(job.name() + "/partition-0")) {
                        gate.beforeRecord("list");
                    }
                    try {
                        return method.invoke(objects, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private TestJob stopped(int partitions) {
        return new TestJob(broker, directory, partitions).run("worker-1", 2);
    }

    private static Path metadata(TestJob job, int partition) {
        return job.checkpoints(partition)
                .resolve("chk-" + job.named(partition).number())
                .resolve("_metadata");
    }

    /** What is committed; -1 while nothing is, or a transaction is about to change it. */
    private static long offset(TestJob job, int partition) {
        OffsetAndMetadata committed = job.committed().get(new TopicPartition(job.input(), partition));
        return committed == null ? -1 : committed.offset();
    }

    private static void awaitEnd(TestJob job, int partition) {
        await("partition " + partition + " continues")
                .atMost(LIMIT)
                .until(() -> offset(job, partition) == job.end(partition));
    }

    private void alter(TestJob job, Map<Integer, OffsetAndMetadata> offsets) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> changes = new HashMap<>();
        offsets.forEach((partition, offset) -> changes.put(new TopicPartition(job.input(), partition), offset));
        get(broker.admin().alterConsumerGroupOffsets(job.name(), changes).all());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                if (!path.toString().contains("/.tmp")) {
                    Files.copy(path, to.resolve(from.relativize(path).toString()));
                }
            }
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
