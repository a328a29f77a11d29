package dev.cairn.checkpoint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.cairn.storage.ObjectMissingException;

/** A checkpoint of a partition as somebody finds it who looks at the store alone. */
public sealed interface FoundCheckpoint {

    /** Its number. */
    long number();

    /** What proves that it is committed. */
    CommitProof proof();

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
        CheckpointStore.Listing listing = store.list();
        List<FoundCheckpoint> found = new ArrayList<>();
        Set<CheckpointId> parents = new HashSet<>();
        for (long number : listing.numbers()) {
            boolean marked = listing.isMarkedCommitted(number);
            try {
                CheckpointMetadata metadata = store.read(number);
                found.add(new Legible(metadata, proof(marked, parents.contains(metadata.id()))));
                if (metadata.parent() != null) {
                    parents.add(metadata.parent());
                }
            } catch (DamagedCheckpointException e) {
                // Whether a later one names it cannot be told without its unique id.
                found.add(new Damaged(number, proof(marked, false), e.getMessage()));
            } catch (ObjectMissingException e) {
                // Retired since it was listed.
            }
        }
        return found;
    }

    private static CommitProof proof(boolean marked, boolean parent) {
        if (marked) {
            return CommitProof.MARKED;
        }
        return parent ? CommitProof.PARENT : CommitProof.NONE;
    }
}
