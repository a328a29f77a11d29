package dev.cairn.rest;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Remembers since when no worker has reported a partition, as far as anyone has asked. Thread-safe. */
final class Uncovered {

    /** What was seen before nothing is known of in between. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final LongSupplier nanoTime;
    private final Map<Integer, Long> since = new HashMap<>();
    private long looked;

    Uncovered(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.looked = nanoTime.getAsLong();
    }

    /** @param now those that no worker reports @return for how long, as far as is known */
    synchronized Map<Integer, Duration> look(Collection<Integer> now) {
        long nanos = nanoTime.getAsLong();
        if (nanos - looked > LONGEST_PAUSE.toNanos()) {
            since.clear();
        }
        looked = nanos;
        since.keySet().retainAll(now);
        Map<Integer, Duration> durations = new HashMap<>();
        now.forEach(partition ->
                durations.put(partition, Duration.ofNanos(nanos - since.computeIfAbsent(partition, absent -> nanos))));
        return durations;
    }
}
