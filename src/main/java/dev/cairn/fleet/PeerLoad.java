package dev.cairn.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Bounds what waits for answers, so that a worker which hangs delays those only who need it. Thread-safe. */
final class PeerLoad {

    private static final int MAX_ASKED = 256;
    private static final int MAX_ASKED_OF_ONE = 32;
    private static final int MAX_SILENT = 1_000;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private final Map<URI, Integer> asked = new HashMap<>();
    private final Map<URI, Long> silent = new HashMap<>();
    private int all;

    PeerLoad(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A question is about to be asked. @return why it must not be; empty if it may, and then {@link #end} follows */
    synchronized Optional<String> begin(URI worker) {
        Long since = silent.get(worker);
        if (since != null && nanoTime.getAsLong() - since < PAUSE.toNanos()) {
            return Optional.of("has not answered the question before in time");
        }
        if (all >= MAX_ASKED) {
            return Optional.of("is not asked, because " + MAX_ASKED + " questions wait for answers of all workers");
        }
        int ofThis = asked.getOrDefault(worker, 0);
        if (ofThis >= MAX_ASKED_OF_ONE) {
            return Optional.of("has not answered " + ofThis + " questions yet");
        }
        asked.put(worker, ofThis + 1);
        all++;
        return Optional.empty();
    }

    /**
     * A question is over.
     *
     * @param inTime whether the worker has answered, or refused, within the limit
     */
    synchronized void end(URI worker, boolean inTime) {
        all--;
        asked.computeIfPresent(worker, (same, count) -> count == 1 ? null : count - 1);
        if (inTime) {
            silent.remove(worker);
        } else {
            if (silent.size() >= MAX_SILENT) {
                silent.clear();
            }
            silent.put(worker, nanoTime.getAsLong());
        }
    }
}
