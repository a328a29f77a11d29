package dev.cairn.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** When something that lasts should be said: at once, and then once a minute. Thread-safe. */
public final class Reminders {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private final Map<String, Long> said = new HashMap<>();

    /** @param nanoTime the clock */
    public Reminders(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether to say this now; then it counts as said. */
    public synchronized boolean isDue(String what) {
        long now = nanoTime.getAsLong();
        Long last = said.get(what);
        if (last != null && now - last < INTERVAL.toNanos()) {
            return false;
        }
        said.put(what, now);
        return true;
    }

    /** What else has been said is over: should it come back, it is said at once. */
    public synchronized void keep(Collection<String> lasting) {
        said.keySet().retainAll(lasting);
    }
}
