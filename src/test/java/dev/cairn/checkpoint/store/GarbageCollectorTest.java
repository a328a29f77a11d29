package dev.cairn.checkpoint.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.Checkpoints;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.ObjectRef;
import dev.cairn.checkpoint.protocol.ClassifiedObject;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.protocol.GroupView;
import dev.cairn.checkpoint.protocol.GroupView.Members;
import dev.cairn.checkpoint.protocol.Inventory;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;

class GarbageCollectorTest {

    @TempDir
    Path directory;

    private StoredJob job;
    private ObjectStore objects;
    private CheckpointStore store;

    @BeforeEach
    void store() {
        job = StoredJob.create(directory);
        objects = ObjectStores.open(directory.toString());
        store = new CheckpointStore(objects, "orders", 3);
    }

    @AfterEach
    void close() {
        objects.close();
    }

    @Test
    void shouldDeleteOrphansMetadataFirst() {
        // Given: a checkpoint that was given up, and a file of one that was not even written
        ObjectRef delta = upload("shared/delta-4.sst");
        store.create(Checkpoints.of(4, null, List.of(Delta.ofFile(List.of("uid-4"), delta))));
        upload("shared/a-file");
        GarbageCollector collector = collector(GroupSource.NOT_ASKED, Duration.ZERO);

        // When
        List<ClassifiedObject> deleted = collector.deleteOrphans(collector.look());

        // Then
        assertThat(deleted)
                .extracting(ClassifiedObject::path)
                .containsExactly("chk-4/_metadata", "shared/a-file", "shared/delta-4.sst");
        assertThat(collector.look().orphans()).isEmpty();
        assertThat(FoundCheckpoints.in(store))
                .extracting(FoundCheckpoint::number)
                .containsExactly(7L, 6L);
    }

    @Test
    void shouldLetTheGroupDecideAndKeepWhatItsLineShares() {
        // Given
        GarbageCollector collector = collector((partition, topics) -> named(6, Members.NONE), Duration.ZERO);

        // When
        List<ClassifiedObject> deleted = collector.deleteOrphans(collector.look());

        // Then
        assertThat(deleted).extracting(ClassifiedObject::path).containsExactly("chk-7/_metadata", "chk-7/_committed");
        assertThat(store.objects())
                .containsOnlyKeys("chk-6/_metadata", StoredJob.BASE_FILE, StoredJob.BASE_DESCRIPTION, StoredJob.DELTA);
    }

    @Test
    void shouldAskTheGroupForTheTopicsOnRecord() {
        // When, Then
        collector(
                        (partition, topics) -> {
                            assertThat(partition).isEqualTo(3);
                            assertThat(topics).containsExactlyInAnyOrder("clicks", "views");
                            return GroupView.NOT_ASKED;
                        },
                        Duration.ZERO)
                .look();
    }

    @Test
    void shouldLookAgainWhenTheGroupHasGoneOn() {
        // Given: an answer that is out of date
        Deque<GroupView> answers = new ArrayDeque<>(List.of(named(8, Members.SOME), named(7, Members.SOME)));

        // When
        Inventory inventory = collector((partition, topics) -> answers.remove(), Duration.ZERO)
                .look();

        // Then
        assertThat(inventory.unreadable()).isEmpty();
        assertThat(answers).isEmpty();
    }

    @Test
    @Tag("rule-K10")
    void shouldDeleteOnlyWhatIsAnOrphanInBothLooks() {
        // Given
        upload("shared/delta-8.sst");
        upload("shared/delta-9.sst");
        GarbageCollector collector = collector(GroupSource.NOT_ASKED, Duration.ZERO);
        Inventory first = collector.look();

        // When: meanwhile a checkpoint appears that needs one of them, and another file comes
        ObjectRef ref = new ObjectRef("shared/delta-8.sst", 6, "00000000");
        store.create(Checkpoints.of(8, null, List.of(Delta.ofFile(List.of("uid-8"), ref))));
        upload("shared/delta-10.sst");

        // Then
        assertThat(collector.deleteOrphans(first))
                .extracting(ClassifiedObject::path)
                .containsExactly("shared/delta-9.sst");
    }

    @Test
    @Tag("rule-K10")
    void shouldSpareWhatIsYoung() throws IOException {
        // Given
        upload("shared/delta-8.sst");
        upload("shared/delta-9.sst");
        age("shared/delta-8.sst", Duration.ofDays(2));
        GarbageCollector collector = collector(GroupSource.NOT_ASKED, Duration.ofDays(1));

        // When, Then
        assertThat(collector.deleteOrphans(collector.look()))
                .extracting(ClassifiedObject::path)
                .containsExactly("shared/delta-8.sst");
    }

    @Test
    void shouldLeaveEverythingWhereABaseCannotBeRead() throws IOException {
        // Given
        Files.delete(job.partition().resolve(StoredJob.BASE_DESCRIPTION));
        upload("shared/delta-8.sst");
        GarbageCollector collector = collector(GroupSource.NOT_ASKED, Duration.ZERO);

        // When
        Inventory inventory = collector.look();

        // Then: its files are not known any more, and must stay for the day that the description is brought back
        assertThat(inventory.orphans()).isEmpty();
        assertThat(inventory.unreadable()).isNotEmpty().allSatisfy(cause -> assertThat(cause)
                .contains(StoredJob.BASE_DESCRIPTION, "is missing"));
    }

    private GarbageCollector collector(GroupSource group, Duration olderThan) {
        return new GarbageCollector(store, 3, group, olderThan);
    }

    private ObjectRef upload(String path) {
        return store.upload(path, "a file".getBytes(StandardCharsets.UTF_8));
    }

    private void age(String path, Duration age) throws IOException {
        Files.setLastModifiedTime(
                job.partition().resolve(path), FileTime.from(Instant.now().minus(age)));
    }

    private static GroupView named(long number, Members members) {
        return new GroupView(Set.of(new CheckpointId(number, "uid-" + number)), members);
    }
}
