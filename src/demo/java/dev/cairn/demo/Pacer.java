package dev.cairn.demo;

import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says when the next record is due. {@link #next} is for one thread, {@link #stop} for any. */
final class Pacer {

    private static final long NANOSECONDS = TimeUnit.SECONDS.toNanos(1);
    // Shorter waits are made up for by the next ones.
    private static final long SHORTEST_WAIT_NANOSECONDS = TimeUnit.MILLISECONDS.toNanos(1);

    private final OptionalInt ratePerSecond;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final long start = System.nanoTime();
    private long records;

    Pacer(OptionalInt ratePerSecond) {
        this.ratePerSecond = ratePerSecond;
    }

    /** Waits until a record is due. @return whether it is, or {@link #stop} was called */
    boolean next() {
        long wait = ratePerSecond.isEmpty()
                ? 0
                : start + records * NANOSECONDS / ratePerSecond.getAsInt() - System.nanoTime();
        records++;
        try {
            return wait < SHORTEST_WAIT_NANOSECONDS ? !isStopped() : !stopped.await(wait, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** No record is due any more. */
    void stop() {
        stopped.countDown();
    }
}
