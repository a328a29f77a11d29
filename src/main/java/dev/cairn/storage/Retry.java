package dev.cairn.storage;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Repeats a call that failed and may pass: with delays that double, up to a limit for all of its attempts. Thread-safe.
 *
 * <p>The delays differ a little, so that workers that one outage stopped do not all come back at the same moment.
 */
final class Retry {

    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long MAX_DELAY_MILLIS = 5_000;
    private static final long JITTER_MILLIS = 50;
    private static final Duration MIN_LIMIT = Duration.ofSeconds(2);

    private final long limitMillis;
    private final LongSupplier nanoTime;
    private final Pause pause;

    /** What waits between two attempts. */
    @FunctionalInterface
    interface Pause {
        void of(long millis) throws InterruptedException;
    }

    /** @param limit how long a call may be repeated before its last failure is passed on; two seconds at least */
    Retry(Duration limit) {
        this(limit, System::nanoTime, Thread::sleep);
    }

    Retry(Duration limit, LongSupplier nanoTime, Pause pause) {
        this.limitMillis = Math.max(MIN_LIMIT.toMillis(), limit.toMillis());
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /**
     * Blocks until the call succeeds, or fails for good.
     *
     * @throws StorageException the last failure, when the limit is reached or repeating is of no use
     * @throws InterruptedException whatever the call answered: its thread is to end
     */
    <T> T call(Supplier<T> call) throws InterruptedException {
        long beganNanos = nanoTime.getAsLong();
        for (long delay = FIRST_DELAY_MILLIS; ; delay = Math.min(2 * delay, MAX_DELAY_MILLIS)) {
            try {
                T answer = call.get();
                rejectInterrupt(null);
                return answer;
            } catch (StorageException e) {
                rejectInterrupt(e);
                long leftMillis = limitMillis - TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - beganNanos);
                if (!mayPass(e) || leftMillis <= 0) {
                    throw e;
                }
                pause.of(Math.min(delay + jitter(), leftMillis));
            }
        }
    }

    private static boolean mayPass(StorageException failure) {
        return !(failure instanceof ObjectMissingException) && !failure.isPermanent();
    }

    private static long jitter() {
        return ThreadLocalRandom.current().nextLong(-JITTER_MILLIS, JITTER_MILLIS + 1);
    }

    private static void rejectInterrupt(StorageException failure) throws InterruptedException {
        if (Thread.interrupted()) {
            InterruptedException interrupt = new InterruptedException();
            if (failure != null) {
                interrupt.addSuppressed(failure);
            }
            throw interrupt;
        }
    }
}
