package dev.cairn.checkpoint.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An object of a partition, and whether it is needed.
 *
 * @param path relative to the partition's directory
 * @param size in bytes
 * @param storedAt when it was stored, by the store's clock
 * @param age how long that is ago
 * @param kind whether it is needed
 * @param reason why
 * @param checkpoint number of the newest checkpoint that it belongs to, or that needs it, if any does
 */
public record ClassifiedObject(
        String path,
        long size,
        Instant storedAt,
        Duration age,
        ObjectClass kind,
        String reason,
        Optional<Long> checkpoint) {

    boolean isOrphan() {
        return kind == ObjectClass.ORPHAN;
    }

    /** Whether it is the object that another look has found there: a path may have been used again. */
    public boolean isSameAs(ClassifiedObject other) {
        return path.equals(other.path) && size == other.size && storedAt.equals(other.storedAt);
    }
}
