package dev.cairn.checkpoint.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Checkpoints;
import dev.cairn.checkpoint.protocol.FoundCheckpoint.CommitProof;
import dev.cairn.checkpoint.protocol.GroupView.Members;
import dev.cairn.checkpoint.protocol.PartitionContent.Needs;
import dev.cairn.storage.StoredObject;

class ClassifierTest {

    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00Z");
    private static final Duration OLD = Duration.ofDays(3);
    private static final Duration YOUNG = Duration.ofHours(1);

    private final Map<String, StoredObject> objects = new TreeMap<>();
    private final List<Needs> checkpoints = new ArrayList<>();

    @Test
    void shouldKeepWhatCommittedCheckpointsNeed() {
        // Given
        found(7, CommitProof.MARKED, "shared/a", "shared/b");
        found(6, CommitProof.PARENT, "shared/a");
        stored(OLD, "chk-7/_committed", "shared/gone");

        // When
        Inventory inventory = classify(GroupView.NOT_ASKED);

        // Then
        assertThat(paths(inventory, ObjectClass.REFERENCED))
                .containsExactly("chk-6/_metadata", "chk-7/_committed", "chk-7/_metadata", "shared/a", "shared/b");
        assertThat(object(inventory, "shared/a").checkpoint()).contains(7L);
        assertThat(object(inventory, "shared/a").reason()).contains("chk-7 needs it", "marked as committed");
        assertThat(paths(inventory, ObjectClass.ORPHAN)).containsExactly("shared/gone");
        assertThat(object(inventory, "shared/gone").reason()).isEqualTo("no checkpoint needs it");
        assertThat(object(inventory, "shared/gone").age()).isEqualTo(OLD);
    }

    @Test
    void shouldGiveUpCheckpointThatALaterCommittedOneDoesNotProve() {
        // Given
        found(8, CommitProof.MARKED, "shared/a", "shared/c");
        found(7, CommitProof.NONE, "shared/a", "shared/b");
        found(6, CommitProof.PARENT, "shared/a");

        // When
        Inventory inventory = classify(GroupView.NOT_ASKED);

        // Then
        assertThat(paths(inventory, ObjectClass.ORPHAN)).containsExactly("chk-7/_metadata", "shared/b");
        assertThat(object(inventory, "shared/b").reason()).contains("chk-7 needs it", "chk-8 after it was");
    }

    @Test
    void shouldSpareByItsNumberWhatMayBeCommitted() {
        // Given
        found(9, CommitProof.NONE, "shared/a", "shared/d");
        found(8, CommitProof.MARKED, "shared/a");

        // When
        Inventory inventory = classify(GroupView.NOT_ASKED);

        // Then
        assertThat(paths(inventory, ObjectClass.IN_FLIGHT)).containsExactly("chk-9/_metadata", "shared/d");
        assertThat(inventory.orphans()).isEmpty();
    }

    @Test
    void shouldSpareByItsAgeWhatMayBeBeingWritten() {
        // Given
        found(8, CommitProof.MARKED, "shared/a");
        stored(YOUNG, "shared/new", "chk-9/new");

        // When
        Inventory inventory = classify(GroupView.NOT_ASKED);

        // Then
        assertThat(paths(inventory, ObjectClass.IN_FLIGHT)).containsExactly("chk-9/new", "shared/new");
    }

    @Test
    @Tag("rule-K10")
    void shouldSpareEverythingWhileNothingIsKnownToBeCommitted() {
        // Given
        stored(OLD, "shared/a", "chk-1/b");

        // When, Then
        assertThat(paths(classify(GroupView.NOT_ASKED), ObjectClass.IN_FLIGHT)).containsExactly("chk-1/b", "shared/a");
    }

    @Test
    @Tag("rule-K10")
    void shouldLetTheGroupDecide() {
        // Given
        found(9, CommitProof.NONE, "shared/a", "shared/d");
        found(8, CommitProof.NONE, "shared/a", "shared/c");
        found(7, CommitProof.NONE, "shared/a");
        found(5, CommitProof.MARKED, "shared/old");
        GroupView group = group(Members.NONE, 8);

        // When
        Inventory inventory = classify(group);

        // Then
        assertThat(paths(inventory, ObjectClass.REFERENCED))
                .as("the one that is named, and its parent")
                .containsExactly("chk-7/_metadata", "chk-8/_metadata", "shared/a", "shared/c");
        assertThat(paths(inventory, ObjectClass.ORPHAN))
                .as("also one that was committed once, on another line")
                .containsExactly("chk-5/_metadata", "chk-9/_metadata", "shared/d", "shared/old");
        assertThat(object(inventory, "chk-9/_metadata").reason())
                .isEqualTo("the group names chk-8, which does not descend from it");
    }

    @Test
    void shouldSpareYoungCheckpointThatTheGroupMayNameNext() {
        // Given
        found(YOUNG, 9, CommitProof.NONE, Set.of("shared/a", "shared/d"));
        stored(OLD, "shared/d");
        found(8, CommitProof.NONE, "shared/a");

        // When
        Inventory inventory = classify(group(Members.SOME, 8));

        // Then
        assertThat(paths(inventory, ObjectClass.IN_FLIGHT)).containsExactly("chk-9/_metadata", "shared/d");
    }

    @Test
    void shouldKeepAllThatOffsetsOfSeveralTopicsName() {
        // Given
        found(9, CommitProof.NONE, "shared/d");
        found(8, CommitProof.NONE, "shared/c");
        found(4, CommitProof.NONE, "shared/a");

        // When, Then
        assertThat(classify(group(Members.NONE, 9, 4)).orphans()).isEmpty();
    }

    @Test
    void shouldDeleteNothingWhereTheNamedCheckpointIsNotThere() {
        // Given
        found(7, CommitProof.MARKED, "shared/a");
        stored(OLD, "shared/b");

        // When
        Inventory missing = classify(group(Members.NONE, 8));
        Inventory other = classify(new GroupView(Set.of(new CheckpointId(7, "another")), Members.NONE));

        // Then
        assertThat(missing.orphans()).isEmpty();
        assertThat(missing.unreadable()).containsExactly("chk-8, which the group names, is not there");
        assertThat(object(missing, "shared/b").reason()).isEqualTo("chk-8 cannot be read, and may need it");
        assertThat(other.orphans()).isEmpty();
        assertThat(other.unreadable()).singleElement().asString().contains("its unique id is another");
    }

    @Test
    @Tag("rule-K5")
    void shouldDeleteNothingWhereMetadataThatMayBeNeededCannotBeRead() {
        // Given: damaged, and named as a parent by number
        found(8, CommitProof.MARKED, "shared/a");
        damaged(7);
        stored(OLD, "shared/b", "chk-3/_metadata");

        for (GroupView group : List.of(GroupView.NOT_ASKED, group(Members.NONE, 8), group(Members.NONE, 7))) {
            // When
            Inventory inventory = classify(group);

            // Then
            assertThat(inventory.orphans()).isEmpty();
            assertThat(inventory.unreadable()).containsExactly("chk-7 is damaged");
            assertThat(object(inventory, "shared/b").reason()).isEqualTo("chk-7 cannot be read, and may need it");
        }
    }

    @Test
    void shouldDeleteNothingWhereTheBaseOfAKeptCheckpointCannotBeRead() {
        // Given
        stored(OLD, "chk-8/_metadata");
        checkpoints.add(new Needs(
                new FoundCheckpoint.Legible(metadata(8), CommitProof.MARKED), Set.of(), Optional.of("base is gone")));
        stored(OLD, "shared/base-file");

        // When
        Inventory inventory = classify(GroupView.NOT_ASKED);

        // Then
        assertThat(inventory.orphans()).isEmpty();
        assertThat(inventory.unreadable()).containsExactly("base is gone");
    }

    @Test
    void shouldNotMindDamagedCheckpointThatWasGivenUp() {
        // Given
        found(8, CommitProof.MARKED, "shared/a");
        damaged(5);

        // When
        Inventory inventory = classify(GroupView.NOT_ASKED);

        // Then
        assertThat(inventory.unreadable()).isEmpty();
        assertThat(paths(inventory, ObjectClass.ORPHAN)).containsExactly("chk-5/_metadata");
    }

    @Test
    void shouldSpareBaseThatAnIdlingWorkerMayHoldReady() {
        // Given
        found(8, CommitProof.MARKED, "shared/a");
        stored(OLD, "shared/base-2.json", "shared/base-2-000007.sst");

        // When, Then
        assertThat(classify(GroupView.NOT_ASKED).orphans()).isEmpty();
        assertThat(classify(group(Members.SOME, 8)).orphans()).isEmpty();
        assertThat(paths(classify(group(Members.NONE, 8)), ObjectClass.ORPHAN))
                .containsExactly("shared/base-2-000007.sst", "shared/base-2.json");
    }

    @Test
    void shouldDeleteBaseThatIsOlderThanTheOneInUse() {
        // Given
        Base base = Checkpoints.base("uid-6");
        stored(OLD, "chk-8/_metadata", base.description().path());
        CheckpointMetadata metadata = Checkpoints.of(8, base, List.of(Checkpoints.inline("uid-8")));
        checkpoints.add(new Needs(
                new FoundCheckpoint.Legible(metadata, CommitProof.MARKED),
                Set.of(base.description().path()),
                Optional.empty()));
        stored(OLD.plusDays(1), "shared/base-0.json");
        stored(OLD.minusDays(1), "shared/base-2.json");

        // When, Then
        assertThat(paths(classify(GroupView.NOT_ASKED), ObjectClass.ORPHAN)).containsExactly("shared/base-0.json");
    }

    @Test
    void shouldTakeWhatTheStoresClockDatesAheadForNew() {
        // Given
        found(8, CommitProof.MARKED, "shared/a");
        stored(Duration.ofHours(-1), "shared/b");

        // When
        Inventory inventory = Classifier.classify(content(), GroupView.NOT_ASKED, Duration.ZERO, NOW);

        // Then
        assertThat(object(inventory, "shared/b").age()).isZero();
        assertThat(object(inventory, "shared/b").kind()).isEqualTo(ObjectClass.ORPHAN);
    }

    @Test
    @Tag("rule-K9")
    void shouldSpareWhatTheGroupOfAnotherClusterMayName() {
        // Given
        found(10, CommitProof.MARKED, "shared/c");
        foundElsewhere(8, CommitProof.NONE, "shared/b");
        found(6, CommitProof.NONE, "shared/a");

        // When
        Inventory asked = classify(group(Members.NONE, 10));
        Inventory notAsked = classify(GroupView.NOT_ASKED);

        // Then
        assertThat(object(asked, "shared/b").kind()).isEqualTo(ObjectClass.IN_FLIGHT);
        assertThat(object(asked, "shared/b").reason()).contains("another Kafka cluster, whose group may name it");
        assertThat(object(notAsked, "shared/b").kind()).isEqualTo(ObjectClass.IN_FLIGHT);
        assertThat(paths(asked, ObjectClass.ORPHAN)).containsExactly("chk-6/_metadata", "shared/a");
        assertThat(paths(notAsked, ObjectClass.ORPHAN)).containsExactly("chk-6/_metadata", "shared/a");
    }

    private void foundElsewhere(long number, CommitProof proof, String... paths) {
        stored(OLD, paths);
        stored(OLD, "chk-" + number + "/_metadata");
        CheckpointMetadata elsewhere = Checkpoints.onCluster("cluster-2", metadata(number));
        checkpoints.add(new Needs(new FoundCheckpoint.Legible(elsewhere, proof), Set.of(paths), Optional.empty()));
    }

    private Inventory classify(GroupView group) {
        return Classifier.classify(content(), group, Duration.ofDays(1), NOW);
    }

    private PartitionContent content() {
        return new PartitionContent(objects, checkpoints);
    }

    private void found(long number, CommitProof proof, String... paths) {
        stored(OLD, paths);
        found(OLD, number, proof, Set.of(paths));
    }

    private void found(Duration age, long number, CommitProof proof, Set<String> paths) {
        stored(age, "chk-" + number + "/_metadata");
        checkpoints.add(new Needs(new FoundCheckpoint.Legible(metadata(number), proof), paths, Optional.empty()));
    }

    private void damaged(long number) {
        stored(OLD, "chk-" + number + "/_metadata");
        String cause = "chk-" + number + " is damaged";
        checkpoints.add(
                new Needs(new FoundCheckpoint.Damaged(number, CommitProof.NONE, cause), Set.of(), Optional.of(cause)));
    }

    private void stored(Duration age, String... paths) {
        for (String path : paths) {
            objects.putIfAbsent(path, new StoredObject("orders/partition-3/" + path, 10, NOW.minus(age)));
        }
    }

    private static CheckpointMetadata metadata(long number) {
        return Checkpoints.of(number, null, List.of(Checkpoints.inline("uid-" + number)));
    }

    private static GroupView group(Members members, long... numbers) {
        Set<CheckpointId> named = new HashSet<>();
        for (long number : numbers) {
            named.add(new CheckpointId(number, "uid-" + number));
        }
        return new GroupView(named, members);
    }

    private static List<String> paths(Inventory inventory, ObjectClass kind) {
        return inventory.objects().stream()
                .filter(object -> object.kind() == kind)
                .map(ClassifiedObject::path)
                .toList();
    }

    private static ClassifiedObject object(Inventory inventory, String path) {
        return inventory.objects().stream()
                .filter(object -> object.path().equals(path))
                .findFirst()
                .orElseThrow();
    }
}
