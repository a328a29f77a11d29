package dev.cairn.checkpoint.write;

import java.util.Optional;

import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.checkpoint.store.SnapshotSource;

/** Whose a partition's start is: what the path that it was started from pointed at. */
public sealed interface Claim {

    /**
     * The job owns it: it is deleted once the partition has a checkpoint of its own, which proves that nothing goes back to it.
     *
     * @param source what a path pointed at
     * @param snapshot the partition's part of it
     */
    record Owned(SnapshotSource source, Snapshot snapshot) implements Claim {}

    /**
     * It is a checkpoint of the partition itself, and is left untouched: retention does not count it, and does not retire it.
     *
     * @param number the checkpoint's
     */
    record Borrowed(long number) implements Claim {}

    /** The number of a checkpoint of the partition itself that is not the job's to delete. */
    default Optional<Long> borrowed() {
        return this instanceof Borrowed borrowed ? Optional.of(borrowed.number()) : Optional.empty();
    }

    /** Deletes what the job owns and does not need from now on. */
    default void settle() {
        if (this instanceof Owned owned) {
            owned.source().release(owned.snapshot());
        }
    }
}
