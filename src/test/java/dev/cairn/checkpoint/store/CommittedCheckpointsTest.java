package dev.cairn.checkpoint.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Checkpoints;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.protocol.FoundCheckpoint.CommitProof;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;

class CommittedCheckpointsTest {

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
        // Nothing proves these two, and the last one is another line's.
        store.create(Checkpoints.of(8, null, List.of(Checkpoints.inline("uid-8"))));
        store.create(Checkpoints.of(10, null, List.of(Checkpoints.inline("uid-10"))));
    }

    @AfterEach
    void close() {
        objects.close();
    }

    @Test
    @Tag("rule-R12")
    void shouldTakeAMarkerOrALaterChildForAProof() {
        assertThat(FoundCheckpoints.in(store))
                .extracting(FoundCheckpoint::number, FoundCheckpoint::proof)
                .containsExactly(
                        tuple(10L, CommitProof.NONE),
                        tuple(8L, CommitProof.NONE),
                        tuple(7L, CommitProof.MARKED),
                        tuple(6L, CommitProof.PARENT));
    }

    @Test
    @Tag("rule-R12")
    void shouldFindTheNewestThatIsProven() {
        assertThat(newest(Long.MAX_VALUE)).contains(7L);
        assertThat(newest(7)).contains(6L);
        assertThat(newest(6)).isEmpty();
    }

    @Test
    void shouldPassOverWhatCannotBeRead() throws IOException {
        // Given
        Files.writeString(job.partition().resolve("chk-8/_metadata"), "{}");

        // When, Then
        assertThat(newest(Long.MAX_VALUE)).contains(7L);
    }

    private Optional<Long> newest(long below) {
        return CommittedCheckpoints.newest(store, store.list(), below).map(CheckpointMetadata::number);
    }
}
