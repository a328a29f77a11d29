package dev.cairn.worker.loop;

/** Counts what has come to be by a committed checkpoint, once. Written by the loop's thread, read by any. */
@SuppressWarnings("NonAtomicVolatileUpdate") // Only the loop's thread writes.
final class EpochCount {

    private volatile long committed;
    private long inFlight;
    private long underWay;

    void add() {
        underWay++;
    }

    /** A checkpoint of the epoch under way begins. */
    void freeze() {
        inFlight = underWay;
        underWay = 0;
    }

    /** The checkpoint in flight has ended. */
    void end(boolean completed) {
        if (completed) {
            committed += inFlight;
        }
        inFlight = 0;
    }

    /** The epoch under way is thrown away. */
    void rollBack() {
        underWay = 0;
    }

    long committed() {
        return committed;
    }
}
