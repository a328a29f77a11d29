package dev.cairn.checkpoint.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Checkpoints;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.format.ObjectRef;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.store.StoreContents;
import dev.cairn.state.Change;
import dev.cairn.state.RocksLibrary;
import dev.cairn.state.RocksResources;
import dev.cairn.state.StateDescriptor;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.LogLines;
import dev.cairn.testkit.store.RecordingStore;

/** What goes of real checkpoints in a {@code file:} store, and in which requests. */
class CleanUpTest {

    private static final Lease HELD = () -> true;

    /** Four of these are enough for a base. */
    private static final int LARGE = 5 << 20;

    @TempDir
    Path directory;

    private final List<Owned> owned = new ArrayList<>();
    private final ExecutorService io = Executors.newFixedThreadPool(2);
    private RocksResources resources;
    private RecordingStore objects;
    private CleanUp cleanUp;
    private boolean incremental = true;

    @BeforeEach
    void open() {
        RocksLibrary.load(directory.resolve("native"));
        resources = new RocksResources(1 << 20);
        objects = new RecordingStore(
                ObjectStores.open(directory.resolve("checkpoints").toString()));
        cleanUp = new CleanUp(objects, Runnable::run, Runnable::run);
    }

    @AfterEach
    void close() {
        owned.forEach(partition -> partition.restored.close());
        io.shutdownNow();
        resources.close();
        objects.close();
    }

    @Test
    void shouldDeleteObjectsOfAllPartitionsWithOneRequestForMetadataAndOneForFiles() {
        // Given
        incremental = false;
        List<Owned> partitions = IntStream.range(0, 20).mapToObj(this::own).toList();
        for (int i = 0; i < 3; i++) {
            partitions.forEach(Owned::commit);
            cleanUp.committed(checkpoints(partitions), HELD);
        }
        objects.deletions().clear();

        // When
        partitions.forEach(Owned::commit);
        cleanUp.committed(checkpoints(partitions), HELD);

        // Then
        assertThat(objects.deletions()).hasSize(2);
        assertThat(objects.deletions().get(0)).hasSize(20).allMatch(key -> key.endsWith("/_metadata"));
        assertThat(objects.deletions().get(1))
                .hasSizeGreaterThan(20)
                .allMatch(key -> key.matches(".*/chk-2/(delta|base)-.*"));
        partitions.forEach(partition -> assertThat(partition.numbers()).containsExactly(4L, 3L));
    }

    @Test
    @Tag("rule-K3")
    void shouldDeleteTheOldestFirstAndLeaveAPartitionAloneOfWhichOneCannotBeDeleted() {
        // Given
        incremental = false;
        Owned stuck = own(0);
        Owned other = own(1);
        objects.refuse(key -> key.endsWith("partition-0/chk-1/_metadata"));
        for (int i = 0; i < 4; i++) {
            stuck.commit();
            other.commit();
        }

        // When
        cleanUp.committed(checkpoints(List.of(stuck, other)), HELD);

        // Then
        assertThat(stuck.numbers()).containsExactly(4L, 3L, 2L, 1L);
        assertThat(stuck.files()).isEqualTo(stuck.needed());
        assertThat(other.numbers()).containsExactly(4L, 3L);
        assertThat(other.files()).isEqualTo(other.needed());
        assertThat(objects.deletions())
                .noneMatch(request -> request.stream()
                                .map(key -> key.endsWith("/_metadata"))
                                .distinct()
                                .count()
                        > 1);

        // When
        objects.refuse(key -> false);
        cleanUp.committed(checkpoints(List.of(stuck)), HELD);

        // Then
        assertThat(stuck.numbers()).containsExactly(4L, 3L);
        assertThat(stuck.files()).isEqualTo(stuck.needed());
    }

    @Test
    void shouldTryAFileAgainThatCouldNotBeDeleted() {
        // Given
        incremental = false;
        Owned partition = own(0);
        objects.refuse(key -> !key.endsWith("/_metadata"));
        commit(partition, 4);
        assertThat(partition.numbers()).containsExactly(4L, 3L);
        assertThat(partition.files()).isNotEqualTo(partition.needed());

        // When
        objects.refuse(key -> false);
        commit(partition, 1);

        // Then
        assertThat(partition.files()).isEqualTo(partition.needed());
    }

    @Test
    @Tag("rule-K4")
    void shouldDeleteNothingOnceTheLeaseIsOver() {
        // Given
        Owned partition = own(0);
        for (int i = 0; i < 4; i++) {
            partition.commit();
        }
        List<Boolean> answers = new ArrayList<>(List.of(true, true, false));

        // When: it ends between the decision and the second request
        cleanUp.committed(List.of(partition.checkpoints), () -> !answers.isEmpty() && answers.remove(0));

        // Then
        assertThat(objects.deletions()).hasSize(1);
        assertThat(partition.numbers()).containsExactly(4L, 3L, 2L);
        assertThat(partition.files()).hasSize(4);

        // When
        cleanUp.committed(List.of(partition.checkpoints), () -> false);

        // Then
        assertThat(objects.deletions()).hasSize(1);
    }

    @Test
    @Tag("rule-K6")
    void shouldKeepAnAbandonedCheckpointUntilALaterOneIsCommitted() {
        // Given
        Owned partition = own(0);
        commit(partition, 2);
        partition.checkpoints.abandon(partition.prepare());

        // When: nothing proves that the group will not name it after all
        cleanUp.committed(List.of(partition.checkpoints), HELD);

        // Then
        assertThat(partition.numbers()).contains(3L);

        // When
        commit(partition, 1);

        // Then
        assertThat(partition.numbers()).containsExactly(4L, 2L);
        assertThat(partition.files()).isEqualTo(partition.needed());
    }

    @Test
    @Tag("rule-K5")
    void shouldKeepEveryFileWhileABaseCannotBeRead() throws IOException {
        // Given: the base of a retained checkpoint
        Owned before = own(0);
        before.based();
        String description = before.newest().base().description().path();
        Path file = before.directory().resolve(description);
        byte[] whole = Files.readAllBytes(file);
        Owned partition = before.restart();
        Set<String> files = partition.files();
        Files.writeString(file, "{");

        // When
        try (LogLines log = new LogLines(CheckpointJanitor.class)) {
            commit(partition, 5);

            // Then
            assertThat(partition.files()).containsAll(files);
            assertThat(partition.numbers()).hasSize(2);
            assertThat(log.soFar())
                    .filteredOn(line -> line.contains(description))
                    .hasSize(1);
        }

        // When
        Files.write(file, whole);
        commit(partition, 1);

        // Then: what no retained checkpoint needs is gone after all
        assertThat(partition.files()).isEqualTo(partition.needed());
    }

    @Test
    @Tag("rule-K5")
    void shouldKeepWhatCannotBeReadUntilNewerOnesHaveTakenItsPlace() throws IOException {
        // Given
        Owned before = own(0);
        commit(before, 3);
        Path damaged = before.directory().resolve("chk-2/_metadata");
        before.strange(9);
        Files.writeString(before.directory().resolve("chk-9/_metadata"), "{");
        Files.writeString(damaged, "{");
        Set<String> files = before.files();
        Owned partition = before.restart();

        // When: chk-10 is the newest, chk-9 cannot be read
        commit(partition, 1);

        // Then
        assertThat(partition.numbers()).containsExactly(10L, 9L, 3L);
        assertThat(damaged).doesNotExist();
        assertThat(partition.files()).containsAll(files);

        // When
        commit(partition, 1);

        // Then
        assertThat(partition.numbers()).containsExactly(11L, 10L);
        assertThat(partition.files()).isEqualTo(partition.needed());
    }

    @Test
    @Tag("rule-K8")
    void shouldLeaveAloneWhatThePartitionPassedOverWhenItWasStarted() {
        // Given
        Owned before = own(0);
        commit(before, 3);
        before.checkpoints.close();
        CheckpointStore.Listing passedOver = store(0).list();
        Owned partition =
                new Owned(0, checkpointing(0).restorer(0, Progress.NONE).empty(passedOver.numbersAlone()));

        // When
        lookAndCommit(partition, 3);

        // Then
        assertThat(store(0).list().paths()).containsAll(passedOver.paths());
        assertThat(partition.numbers()).startsWith(6L, 5L, 3L);
    }

    @Test
    @Tag("rule-K9")
    void shouldLeaveAloneWhatTheJobOfAnotherClusterWritesInTheSameDirectory() throws IOException {
        // Given: one that is committed there, and a file of the next one
        Owned partition = own(0);
        commit(partition, 3);
        CheckpointMetadata foreign = Checkpoints.onCluster("cluster-2", partition.stranger(9));
        store(0).create(foreign);
        store(0).markCommitted(9);
        Path file = Files.writeString(directory.resolve("next.sst"), "no matter");
        store(0).upload("shared/delta-next.sst", file);
        Set<String> foreignPaths = Set.of("chk-9/_metadata", "chk-9/_committed", "shared/delta-strange.sst");

        // When
        lookAndCommit(partition, 3);

        // Then
        assertThat(store(0).list().paths()).containsAll(foreignPaths).contains("shared/delta-next.sst");

        // When: it is there when the partition is started
        try (LogLines log = new LogLines(CheckpointJanitor.class)) {
            Owned restarted = partition.restart();
            commit(restarted, 3);

            // Then
            assertThat(store(0).list().paths()).containsAll(foreignPaths);
            assertThat(restarted.numbers()).hasSize(3).contains(9L);
            assertThat(log.soFar())
                    .filteredOn(line -> line.contains("of another Kafka cluster are not deleted"))
                    .hasSize(1);
        }
    }

    private void lookAndCommit(Owned partition, int times) {
        for (int i = 0; i < times; i++) {
            partition.checkpoints.janitor().lookAfter(1);
            commit(partition, 1);
        }
    }

    @Test
    @Tag("rule-K8")
    void shouldDeleteWhatAnOwnerBeforeHasLeftSinceTheStart() throws IOException {
        // Given: under a number that is retired, as an owner writes it that was held for a while
        Owned partition = own(0);
        commit(partition, 3);
        CheckpointMetadata zombies = partition.strange(1);
        assertThat(partition.numbers()).contains(1L);

        // When: the first look finds it, and the second one finds it still
        partition.checkpoints.janitor().lookAfter(1);
        commit(partition, 1);
        assertThat(partition.numbers()).contains(1L);
        partition.checkpoints.janitor().lookAfter(1);
        commit(partition, 1);

        // Then
        assertThat(partition.numbers()).hasSize(2).doesNotContain(1L);
        assertThat(partition.files())
                .doesNotContain(
                        zombies.deltas().get(zombies.deltas().size() - 1).file().path())
                .isEqualTo(partition.needed());
    }

    private static List<PartitionCheckpoints> checkpoints(List<Owned> partitions) {
        return partitions.stream().map(partition -> partition.checkpoints).toList();
    }

    private void commit(Owned partition, int times) {
        for (int i = 0; i < times; i++) {
            partition.commit();
            cleanUp.committed(List.of(partition.checkpoints), HELD);
        }
    }

    private Owned own(int number) {
        return new Owned(
                number,
                checkpointing(number)
                        .restorer(number, Progress.NONE)
                        .empty(store(number).list()));
    }

    private CheckpointStore store(int partition) {
        return new CheckpointStore(objects, "orders", partition);
    }

    private Checkpointing checkpointing(int partition) {
        return new Checkpointing(
                new Checkpointing.Owner("orders", "worker-1", "test", "cluster-1"),
                objects,
                new Checkpointing.Disk(
                        List.of(directory.resolve("local-" + partition + "-" + owned.size())), true, resources),
                new CheckpointOptions(incremental, 0, 1),
                (step, of, number) -> {},
                io,
                new BaseTurns(2));
    }

    /** A partition in the hands of a worker. */
    private final class Owned {

        private final int number;
        private final Restored restored;
        private final PartitionCheckpoints checkpoints;
        private long offset;

        Owned(int number, Restored restored) {
            this.number = number;
            this.restored = restored;
            this.checkpoints = checkpointing(number).resume(number, restored, Optional.empty(), List.of());
            owned.add(this);
        }

        PreparedCheckpoint prepare() {
            return prepare(bytes("value"));
        }

        private PreparedCheckpoint prepare(byte[] value) {
            offset++;
            return checkpoints.prepare(new FrozenPartition(
                    new ArrayList<>(List.of(new Change(bytes("key-" + offset), value))),
                    List.of(new InputPosition("clicks", offset, 8, null)),
                    List.of(new StateDescriptor("total", "value", "json(x)", 1)),
                    0));
        }

        void commit() {
            checkpoints.takeIn(prepare());
        }

        /** Commits until a base is due, and one that builds on it. */
        void based() {
            while (newestOrNull() == null || newestOrNull().base() == null) {
                byte[] value = new byte[LARGE];
                new Random(offset).nextBytes(value);
                checkpoints.takeIn(prepare(value));
                checkpoints.buildBaseIfDue();
            }
        }

        /** As another worker takes it over: from the store. */
        Owned restart() {
            checkpoints.close();
            CheckpointMetadata newest = newest();
            CheckpointStore.Listing listing = store(number).list().naming(Optional.of(newest.id()));
            return new Owned(
                    number,
                    checkpointing(number).restorer(number, Progress.NONE).restore(newest, listing));
        }

        /** A checkpoint of a worker that had the partition before. */
        CheckpointMetadata strange(long taken) throws IOException {
            CheckpointMetadata metadata = stranger(taken);
            store(number).create(metadata);
            return metadata;
        }

        /** The same, without its {@code _metadata}. */
        private CheckpointMetadata stranger(long taken) throws IOException {
            Path file = Files.writeString(CleanUpTest.this.directory.resolve("strange.sst"), "no matter");
            ObjectRef delta = store(number).upload("shared/delta-strange.sst", file);
            return Checkpoints.of(taken, null, List.of(Delta.ofFile(List.of("strange"), delta)));
        }

        CheckpointMetadata newest() {
            return checkpoints.committed().orElseThrow();
        }

        private CheckpointMetadata newestOrNull() {
            return checkpoints.committed().orElse(null);
        }

        List<Long> numbers() {
            return store(number).list().numbers();
        }

        /** Everything but what makes checkpoints visible. */
        Set<String> files() {
            return store(number).list().paths().stream()
                    .filter(path -> !path.endsWith("/_metadata") && !path.endsWith("/_committed"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** What the checkpoints that are there need. */
        Set<String> needed() {
            return StoreContents.needed(store(number));
        }

        Path directory() {
            return CleanUpTest.this.directory.resolve("checkpoints/orders/partition-" + number);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
