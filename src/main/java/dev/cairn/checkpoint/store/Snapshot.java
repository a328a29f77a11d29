package dev.cairn.checkpoint.store;

import java.util.Optional;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Origin;

/**
 * The state of one partition as someone finds it in a store: a checkpoint, or a partition's part of a savepoint.
 *
 * @param origin names it to those who continue from it
 * @param store holds its objects
 * @param checkpoint what it is
 */
public record Snapshot(Origin origin, CheckpointStore store, CheckpointMetadata checkpoint) {

    /** Where it is, for messages. */
    public String location() {
        return store.location() + " (" + checkpoint.id() + ")";
    }

    /** Whether it is one of the checkpoints that a store holds. */
    public boolean isIn(CheckpointStore other) {
        return store.location().equals(other.location());
    }

    /** The checkpoint that it is to a store: nothing where it is elsewhere. */
    public Optional<CheckpointMetadata> in(CheckpointStore other) {
        return isIn(other) ? Optional.of(checkpoint) : Optional.empty();
    }
}
