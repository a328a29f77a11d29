package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.cairn.settings.DurationText;
import dev.cairn.worker.status.FailureKind;
import dev.cairn.worker.status.RollBackException;
import dev.cairn.worker.status.StopWorkerException;

/**
 * A loop's roll backs in a row. A row ends once everything that the loop had reached before is committed.
 *
 * <p>Each roll back in a row waits longer than the one before. Roll backs that time does not mend are counted, and end
 * the worker. On the loop's thread.
 */
final class RollBacks {

    private static final Logger LOG = Logger.getLogger(RollBacks.class);

    /** Tries until a failure of the worker itself counts as permanent: rights and topics take a moment to be known. */
    private static final int MAX_OF_WORKER = 3;

    /** Retriable failures in a row that are allowed beyond the failed checkpoints that are tolerated. */
    private static final int ALLOWANCE = 5;

    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();
    private static final long MAX_PAUSE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final int tolerable;
    private final Function<RollBackException, String> describe;
    private final LongSupplier clock;

    /** Where each input has to be committed until the row is at its end. */
    private final Map<TopicPartition, Long> reached = new HashMap<>();

    /** Of these, the inputs that the group took away, and which may come back. */
    private final Set<TopicPartition> lost = new HashSet<>();

    private int inRow;
    private int retriable;
    private int ofWorker;
    private long lastNanos;
    private long pauseNanos;

    /**
     * @param tolerable failed checkpoints in a row
     * @param describe what to say of a cause
     */
    RollBacks(int tolerable, Function<RollBackException, String> describe, LongSupplier nanoClock) {
        this.tolerable = tolerable;
        this.describe = describe;
        this.clock = nanoClock;
    }

    /**
     * The loop has to roll back.
     *
     * @param positions that each input has reached, where they are not committed yet
     * @throws StopWorkerException when that has happened too often without progress
     */
    void happened(RollBackException cause, Map<TopicPartition, Long> positions) {
        positions.forEach((input, position) -> reached.merge(input, position, Math::max));
        inRow++;
        lastNanos = clock.getAsLong();
        if (cause.kind() == FailureKind.WORKER) {
            ofWorker++;
        } else if (cause.kind() != FailureKind.UNAVAILABLE) {
            retriable++;
        }
        pauseNanos = pauseNanos();
        if (ofWorker >= MAX_OF_WORKER || retriable > (long) tolerable + ALLOWANCE) {
            throw new StopWorkerException(
                    "the loop went back to the last checkpoint " + inRow + " times in a row without progress, at "
                            + positions() + ". The last cause: " + describe.apply(cause)
                            + ". Nothing is lost: the next start continues from the last checkpoint",
                    cause);
        }
        if (inRow > 1) {
            LOG.errorf(
                    "roll back %s in a row without progress, at %s; next try in %s. Cause: %s",
                    inRow, positions(), DurationText.of(Duration.ofNanos(pauseNanos)), describe.apply(cause));
        }
    }

    /** The group takes inputs away, and the loop has to roll back: they may come back in a moment. */
    void lost(Map<TopicPartition, Long> positions) {
        positions.forEach((input, position) -> reached.merge(input, position, Math::max));
        lost.addAll(positions.keySet());
        lastNanos = clock.getAsLong();
    }

    private long pauseNanos() {
        if (ofWorker == 0 && inRow == 1) {
            return 0;
        }
        int doublings = Math.min(Math.max(inRow - 2, 0), 10);
        return Math.min(MAX_PAUSE_NANOS, FIRST_PAUSE_NANOS << doublings);
    }

    private String positions() {
        return reached.isEmpty() ? "the last checkpoint itself" : "positions up to " + new TreeMap<>(byName(reached));
    }

    private static Map<String, Long> byName(Map<TopicPartition, Long> positions) {
        Map<String, Long> named = new HashMap<>();
        positions.forEach((input, position) -> named.put(input.toString(), position));
        return named;
    }

    /** Whether the loop is to wait until it processes records again. */
    boolean isPausing() {
        return inRow > 0 && clock.getAsLong() - lastNanos < pauseNanos;
    }

    /** How many there have been without progress. */
    int inRow() {
        return inRow;
    }

    /** Whether inputs of the loop have to be processed again until where they were. */
    boolean areOwing() {
        return !lost.containsAll(reached.keySet());
    }

    /** A checkpoint of the input is at this position. */
    void committed(TopicPartition input, long position) {
        Long goal = reached.get(input);
        if (goal != null && goal <= position) {
            reached.remove(input);
            endRowIfDone(true);
        }
    }

    /** Looks at time, and at what is not the loop's any more. */
    void look(Collection<TopicPartition> inputs) {
        boolean had = !reached.isEmpty();
        lost.removeAll(Set.copyOf(inputs));
        if (clock.getAsLong() - lastNanos > QUIET_NANOS) {
            lost.clear();
        }
        reached.keySet().removeIf(input -> !lost.contains(input) && !inputs.contains(input));
        endRowIfDone(had);
    }

    private void endRowIfDone(boolean progressed) {
        if (reached.isEmpty() && (progressed || clock.getAsLong() - lastNanos > QUIET_NANOS)) {
            inRow = 0;
            retriable = 0;
            ofWorker = 0;
        }
    }
}
