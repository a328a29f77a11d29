package dev.cairn.checkpoint.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.Checkpoints;
import dev.cairn.checkpoint.protocol.GroupView;
import dev.cairn.checkpoint.protocol.GroupView.Members;
import dev.cairn.checkpoint.store.CheckpointDeletion.Insistence;
import dev.cairn.checkpoint.store.CheckpointDeletion.Plan;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.storage.StorageException;
import dev.cairn.testkit.store.ForwardingObjectStore;

class CheckpointDeletionTest {

    @TempDir
    Path directory;

    private ObjectStore objects;
    private CheckpointStore store;

    @BeforeEach
    void store() {
        StoredJob.create(directory);
        objects = ObjectStores.open(directory.toString());
        store = new CheckpointStore(objects, "orders", 3);
    }

    @AfterEach
    void close() {
        objects.close();
    }

    @Test
    void shouldSpareWhatOthersNeed() {
        assertThat(plan(GroupView.NOT_ASKED, 6, Insistence.CAREFUL)).isEqualTo(deletes("chk-6/_metadata"));
    }

    @Test
    void shouldNotGiveUpForOneFailureOfTheStore() {
        // Given
        AtomicInteger requests = new AtomicInteger();
        ObjectStore faulty = new ForwardingObjectStore(objects) {
            @Override
            public Map<String, String> deleteAll(Collection<String> keys) {
                if (requests.incrementAndGet() % 2 == 1) {
                    throw new StorageException("cannot delete " + keys.size() + " objects: 500");
                }
                return super.deleteAll(keys);
            }
        };
        CheckpointStore failing = new CheckpointStore(faulty, "orders", 3);
        CheckpointDeletion deletion = new CheckpointDeletion(failing, 3, GroupSource.NOT_ASKED);

        // When
        deletion.delete(deletion.planAll());

        // Then
        assertThat(requests.get()).isPositive();
        assertThat(store.objects()).isEmpty();
    }

    @Test
    void shouldTakeAlongWhatNobodyElseNeeds() {
        // Given
        store.delete(List.of("chk-6/_metadata"));

        // When, Then
        assertThat(plan(GroupView.NOT_ASKED, 7, Insistence.FORCED))
                .isEqualTo(deletes(
                        "chk-7/_metadata",
                        "chk-7/_committed",
                        StoredJob.BASE_FILE,
                        StoredJob.BASE_DESCRIPTION,
                        StoredJob.DELTA));
    }

    @Test
    void shouldRefuseTheNewestKnownOneAndWhatMayBeCommittedAfterIt() {
        // Given
        store.create(Checkpoints.of(8, null, List.of(Checkpoints.inline("uid-8"))));

        // When, Then
        assertThat(plan(GroupView.NOT_ASKED, 7, Insistence.CAREFUL)).isInstanceOf(Plan.Needed.class);
        assertThat(plan(GroupView.NOT_ASKED, 8, Insistence.CAREFUL)).isInstanceOf(Plan.Needed.class);
        assertThat(plan(GroupView.NOT_ASKED, 8, Insistence.FORCED)).isEqualTo(deletes("chk-8/_metadata"));
    }

    @Test
    @Tag("rule-K10")
    void shouldRefuseTheOneThatTheGroupNames() {
        // Given
        GroupView stopped = named(6, Members.NONE);
        GroupView running = named(6, Members.SOME);

        // When, Then
        assertThat(plan(stopped, 6, Insistence.CAREFUL)).isEqualTo(new Plan.Needed("the group names it"));
        assertThat(plan(stopped, 7, Insistence.CAREFUL)).isEqualTo(deletes("chk-7/_metadata", "chk-7/_committed"));
        assertThat(plan(running, 7, Insistence.CAREFUL))
                .isEqualTo(new Plan.Needed("a worker may be about to commit it"));
    }

    @Test
    void shouldRefuseTheNewestKnownOneWhereTheNamedOneIsLost() {
        assertThat(plan(named(9, Members.NONE), 7, Insistence.CAREFUL)).isInstanceOf(Plan.Needed.class);
        assertThat(plan(named(9, Members.NONE), 9, Insistence.CAREFUL)).isInstanceOf(Plan.Absent.class);
    }

    @Test
    void shouldNotGuessWhatADamagedOneNeeds() {
        // Given
        store.delete(List.of(StoredJob.BASE_DESCRIPTION));

        // When, Then
        assertThat(plan(GroupView.NOT_ASKED, 6, Insistence.FORCED)).isInstanceOf(Plan.Unclear.class);
    }

    private Plan plan(GroupView group, long number, Insistence insistence) {
        return new CheckpointDeletion(store, 3, (partition, topics) -> group).plan(number, insistence);
    }

    private static Plan deletes(String... paths) {
        return new Plan.Delete(List.of(paths));
    }

    private static GroupView named(long number, Members members) {
        return new GroupView(Set.of(new CheckpointId(number, "uid-" + number)), members);
    }
}
