package dev.cairn.checkpoint.store;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.protocol.FoundCheckpoint.CommitProof;
import dev.cairn.storage.ObjectMissingException;

/** Finds the checkpoints of a partition in the store. */
public final class FoundCheckpoints {

    private FoundCheckpoints() {}

    /** All of a partition, newest first. Those that are retired meanwhile are left out. */
    public static List<FoundCheckpoint> in(CheckpointStore store) {
        return newestFirst(store, store.list()).toList();
    }

    /**
     * The same, of what was listed before. Each is read only when it is asked for, so that one may stop early.
     *
     * @return a sequential stream, to be gone through once
     */
    public static Stream<FoundCheckpoint> newestFirst(CheckpointStore store, CheckpointStore.Listing listing) {
        Set<CheckpointId> parents = new HashSet<>();
        return listing.numbers().stream()
                .flatMap(number -> find(store, number, listing.isMarkedCommitted(number), parents).stream());
    }

    private static Optional<FoundCheckpoint> find(
            CheckpointStore store, long number, boolean marked, Set<CheckpointId> parentsOfLater) {
        try {
            CheckpointMetadata metadata = store.read(number);
            CommitProof proof = proof(marked, parentsOfLater.contains(metadata.id()));
            if (metadata.parent() != null) {
                parentsOfLater.add(metadata.parent());
            }
            return Optional.of(new FoundCheckpoint.Legible(metadata, proof));
        } catch (DamagedCheckpointException e) {
            // Whether a later one names it cannot be told without its unique id.
            return Optional.of(new FoundCheckpoint.Damaged(number, proof(marked, false), e.getMessage()));
        } catch (ObjectMissingException e) {
            // Retired since it was listed.
            return Optional.empty();
        }
    }

    private static CommitProof proof(boolean marked, boolean parent) {
        if (marked) {
            return CommitProof.MARKED;
        }
        return parent ? CommitProof.PARENT : CommitProof.NONE;
    }
}
