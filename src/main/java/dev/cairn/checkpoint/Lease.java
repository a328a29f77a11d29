package dev.cairn.checkpoint;

import java.time.Duration;

/**
 * How long a loop may delete objects of a partition: from the moment just before the group accepted a commit of it, for
 * less than the session time-out. A worker that was stopped and continued finds its lease run out, whatever its threads
 * were about to do.
 */
@FunctionalInterface
public interface Lease {

    /** Whether it still holds. */
    boolean holds();

    /** A lease that began at a moment of {@link System#nanoTime}, before the group was asked. */
    static Lease from(long startNanos, Duration length) {
        return () -> System.nanoTime() - startNanos < length.toNanos();
    }
}
