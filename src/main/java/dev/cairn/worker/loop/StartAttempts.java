package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** The attempts to start a partition since it was running last. On the loop's thread, unless a method says otherwise. */
final class StartAttempts {

    private static final Duration MAX_DELAY = Duration.ofMinutes(1);
    private static final int MAX_DOUBLINGS = 10;

    private Future<?> current = CompletableFuture.completedFuture(null);
    private int count;
    private volatile RestoreProgress progress = new RestoreProgress();

    /** Another attempt will be made. */
    void next(Future<?> attempt) {
        current = attempt;
        count++;
    }

    /** How long to wait for the next one. */
    Duration delay(Duration first) {
        return delay(first, count);
    }

    /** How long to wait after so many in a row. */
    static Duration delay(Duration first, int times) {
        Duration delay = first.multipliedBy(1L << Math.min(times, MAX_DOUBLINGS));
        return delay.compareTo(MAX_DELAY) < 0 ? delay : MAX_DELAY;
    }

    /** An attempt begins. On the thread that makes it. */
    RestoreProgress begin() {
        RestoreProgress begun = new RestoreProgress();
        progress = begun;
        return begun;
    }

    /** Of the attempt under way. From any thread. */
    RestoreProgress progress() {
        return progress;
    }

    void cancel() {
        current.cancel(true);
    }
}
