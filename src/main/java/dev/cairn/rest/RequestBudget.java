package dev.cairn.rest;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When each request may be answered, so that no more are answered a second than a limit. What was not used lately may be used at
 * once, up to five seconds' worth. Thread-safe; locks nothing.
 */
final class RequestBudget {

    private static final long SAVED_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final long intervalNanos;

    /** When the next request would be due, had none been saved up. */
    private final AtomicLong dueNanos;

    /**
     * @param perSecond at least 1
     * @param nowNanos as {@link System#nanoTime}
     */
    RequestBudget(int perSecond, long nowNanos) {
        intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        dueNanos = new AtomicLong(nowNanos - SAVED_NANOS);
    }

    /**
     * Takes the turn of a request.
     *
     * @return how many nanoseconds it has to wait, 0 if not at all; empty if that is too long, and then no turn is taken
     */
    OptionalLong take(long nowNanos) {
        while (true) {
            long before = dueNanos.get();
            long due = Math.max(before - nowNanos, -SAVED_NANOS) + nowNanos;
            long wait = due - nowNanos;
            if (wait > MAX_WAIT_NANOS) {
                return OptionalLong.empty();
            }
            if (dueNanos.compareAndSet(before, due + intervalNanos)) {
                return OptionalLong.of(Math.max(0, wait));
            }
        }
    }
}
