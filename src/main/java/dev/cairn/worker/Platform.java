package dev.cairn.worker;

/** Knows what those who run this worker are about to do with it. */
public interface Platform {

    /**
     * Whether this worker, which is told to stop, is not going to be started again, so that others may have its partitions at
     * once. Blocks for some seconds at most; in doubt, no.
     */
    boolean takesThisWorkerAway();
}
