package dev.cairn.checkpoint;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.cairn.storage.ObjectMissingException;

/** A checkpoint of a partition as somebody finds it who looks at the store alone. */
public sealed interface FoundCheckpoint {

    /** Its number. */
    long number();

    /** What proves that it is committed. */
    CommitProof proof();

    /** Whether the store proves that it is committed. */
    default boolean isKnownCommitted() {
        return proof() != CommitProof.NONE;
    }

    /** Its {@code _metadata} can be read; whether its objects are whole is another question. */
    record Legible(CheckpointMetadata metadata, CommitProof proof) implements FoundCheckpoint {

        @Override
        public long number() {
            return metadata.number();
        }
    }

    /** Its {@code _metadata} cannot be read. */
    record Damaged(long number, CommitProof proof, String cause) implements FoundCheckpoint {}

    /** What proves, by what is in the store alone, that a checkpoint is committed. */
    enum CommitProof {
        /** It is marked. */
        MARKED,
        /** A later one names it as its parent. */
        PARENT,
        /** Nothing does; the group's committed offset may name it all the same. */
        NONE
    }

    /** All of a partition, newest first. Those that are retired meanwhile are left out. */
    static List<FoundCheckpoint> in(CheckpointStore store) {
        return newestFirst(store, store.list()).toList();
    }

    /**
     * The same, of what was listed before. Each is read only when it is asked for, so that one may stop early.
     *
     * @return a sequential stream, to be gone through once
     */
    static Stream<FoundCheckpoint> newestFirst(CheckpointStore store, CheckpointStore.Listing listing) {
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
            return Optional.of(new Legible(metadata, proof));
        } catch (DamagedCheckpointException e) {
            // Whether a later one names it cannot be told without its unique id.
            return Optional.of(new Damaged(number, proof(marked, false), e.getMessage()));
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
