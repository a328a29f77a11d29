package dev.cairn.checkpoint.write;

import java.util.concurrent.Semaphore;

/**
 * How many partitions of a worker may have a base in the making at the same time, from its links to its last object. The
 * others take their turn at one of their next checkpoints, so that bases neither come all at once nor keep what compaction
 * has replaced on every partition's disk. Thread-safe.
 */
public final class BaseTurns {

    private final Semaphore free;

    /** @param atOnce how many partitions */
    public BaseTurns(int atOnce) {
        free = new Semaphore(atOnce);
    }

    /** Takes a turn, if there is one. The one that took it ends it. */
    boolean begin() {
        return free.tryAcquire();
    }

    void end() {
        free.release();
    }
}
