package dev.cairn.checkpoint.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Checkpoints;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;

/** Who gets a number that two writers want. */
class CheckpointNumbersTest {

    @TempDir
    Path directory;

    @Test
    @Tag("rule-C12")
    void shouldTakeItsOwnCheckpointForALostAnswer() {
        // Given
        try (ObjectStore objects = ObjectStores.open(directory.toString())) {
            CheckpointStore store = new CheckpointStore(objects, "orders", 3);
            CheckpointMetadata checkpoint = Checkpoints.of(7, new CheckpointId(6, "uid-6"));
            store.create(checkpoint);

            // When, Then
            assertThat(store.create(checkpoint)).isEqualTo(CheckpointStore.Creation.CREATED);
        }
    }

    @Test
    @Tag("rule-C12")
    void shouldTakeTheNextFreeNumberWhenAnotherCheckpointHasIt() {
        // Given
        try (LonePartition partition = new LonePartition(directory, true).start();
                ObjectStore objects =
                        ObjectStores.open(directory.resolve("checkpoints").toString())) {
            CheckpointMetadata first = partition.small().last();
            CheckpointStore store = new CheckpointStore(objects, LonePartition.JOB, 0);
            store.create(first.withNumber(2));
            store.create(first.withNumber(5));

            // When
            CheckpointMetadata next = partition.small().last();

            // Then
            assertThat(next.number()).isEqualTo(6);
            assertThat(store.read(2).uid()).as("what was there first").isEqualTo(first.uid());
            assertThat(partition.isRightInTheStore()).isTrue();
        }
    }
}
