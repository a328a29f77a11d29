package dev.cairn.checkpoint.protocol;

import java.util.Optional;

import dev.cairn.checkpoint.format.CheckpointMetadata;

/** A checkpoint of a partition as the store shows it, without the group. */
public sealed interface FoundCheckpoint {

    /** Its number. */
    long number();

    /** What proves that it is committed. */
    CommitProof proof();

    /** Whether the store proves that it is committed. */
    default boolean isKnownCommitted() {
        return proof() != CommitProof.NONE;
    }

    /** What it is; nothing where that cannot be read. */
    default Optional<CheckpointMetadata> content() {
        return this instanceof Legible legible ? Optional.of(legible.metadata()) : Optional.empty();
    }

    /** Why it cannot be read; nothing where it can. */
    default Optional<String> damage() {
        return this instanceof Damaged damaged ? Optional.of(damaged.cause()) : Optional.empty();
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

    /** What in the store proves that a checkpoint is committed, without the group. */
    enum CommitProof {
        /** It is marked. */
        MARKED,
        /** A later one names it as its parent. */
        PARENT,
        /** Nothing does; the group's committed offset may name it all the same. */
        NONE
    }
}
