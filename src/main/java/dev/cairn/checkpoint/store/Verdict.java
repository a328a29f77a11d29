package dev.cairn.checkpoint.store;

import java.util.List;

/**
 * Whether a checkpoint is whole.
 *
 * @param number the checkpoint
 * @param objects how many objects it needs, as far as it is known, its {@code _metadata} included
 * @param bytes their recorded size, without {@code _metadata}
 * @param bad those that it cannot be restored from
 */
public record Verdict(long number, int objects, long bytes, List<BadObject> bad) {

    public Verdict {
        bad = List.copyOf(bad);
    }

    /** Whether it can be restored. */
    public boolean isWhole() {
        return bad.isEmpty();
    }

    /**
     * An object that a checkpoint needs and does not have.
     *
     * @param path relative to the partition's directory
     * @param kind what follows from it
     * @param cause what is wrong with it, with its location
     */
    public record BadObject(String path, Kind kind, String cause) {}

    /** What is wrong with an object. */
    public enum Kind {
        /** It is missing, or is not what was written. */
        DAMAGED,
        /** The store did not give it; trying again may help. */
        UNREADABLE
    }
}
