package dev.cairn.fleet;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Remembers which questions were answered, for as long as their signatures count. Thread-safe. */
final class SeenNonces {

    private final long keptNanos;
    private final int most;
    private final LongSupplier nanoTime;
    private final Map<String, Long> seen = new LinkedHashMap<>();

    /** What comes of a nonce. */
    enum Outcome {
        NEW,
        SEEN,
        /** It cannot be remembered, so it must not count. */
        FULL
    }

    /**
     * @param kept how long a nonce is remembered
     * @param most how many are remembered
     */
    SeenNonces(Duration kept, int most, LongSupplier nanoTime) {
        this.keptNanos = kept.toNanos();
        this.most = most;
        this.nanoTime = nanoTime;
    }

    synchronized Outcome add(String nonce) {
        long now = nanoTime.getAsLong();
        Iterator<Long> oldest = seen.values().iterator();
        while (oldest.hasNext() && now - oldest.next() > keptNanos) {
            oldest.remove();
        }
        if (seen.containsKey(nonce)) {
            return Outcome.SEEN;
        }
        if (seen.size() >= most) {
            return Outcome.FULL;
        }
        seen.put(nonce, now);
        return Outcome.NEW;
    }
}
