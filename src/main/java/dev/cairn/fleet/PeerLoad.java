package dev.cairn.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Bounds what waits for answers, so that a worker which hangs delays those only who need it. Addresses that have never given a
 * signed answer share a part of their own: however many there are, workers are asked. Thread-safe.
 */
final class PeerLoad {

    private static final int MAX_ASKED = 256;
    private static final int MAX_ASKED_OF_STRANGERS = 128;
    private static final int MAX_ASKED_OF_ONE = 32;
    private static final int MAX_SILENT = 1_000;
    private static final int MAX_KNOWN = 1_000;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private final Map<URI, Integer> asked = new HashMap<>();
    private final Map<URI, Long> silent = new HashMap<>();
    private final Set<URI> known = new HashSet<>();

    PeerLoad(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A question is about to be asked. @return why it must not be; empty if it may, and then {@link #end} follows */
    synchronized Optional<String> begin(URI worker) {
        Long since = silent.get(worker);
        if (since != null && nanoTime.getAsLong() - since < PAUSE.toNanos()) {
            return Optional.of("has not answered the question before in time");
        }
        boolean isKnown = known.contains(worker);
        int waiting = waiting(isKnown);
        if (waiting >= (isKnown ? MAX_ASKED : MAX_ASKED_OF_STRANGERS)) {
            return Optional.of("is not asked, because " + waiting + " questions wait for answers of "
                    + (isKnown ? "all workers" : "members of the group that have never answered"));
        }
        int ofThis = asked.getOrDefault(worker, 0);
        if (ofThis >= MAX_ASKED_OF_ONE) {
            return Optional.of("has not answered " + ofThis + " questions yet");
        }
        asked.put(worker, ofThis + 1);
        return Optional.empty();
    }

    private int waiting(boolean isKnown) {
        return asked.entrySet().stream()
                .filter(each -> known.contains(each.getKey()) == isKnown)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** A worker has given an answer that is signed. */
    synchronized void answered(URI worker) {
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        known.add(worker);
    }

    /**
     * A question is over.
     *
     * @param inTime whether the worker has answered, or refused, within the limit
     */
    synchronized void end(URI worker, boolean inTime) {
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
