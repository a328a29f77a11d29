package dev.cairn.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import dev.cairn.checkpoint.store.CheckpointDescription;

/**
 * A checkpoint as it is in the store.
 *
 * @param status whether it counts
 * @param description what its {@code _metadata} says
 */
record StoredCheckpoint(Status status, @JsonUnwrapped CheckpointDescription description) {

    /** Whether a checkpoint counts. */
    enum Status {
        /** It is committed. */
        COMPLETED,
        /** The store does not prove it, and no one here saw it: it may be under way, or left over. */
        UNKNOWN
    }
}
