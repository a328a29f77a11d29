package dev.cairn.api;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * Timers of one name, always positioned at the key of the record or timer in process. A key has one at most: setting it
 * again replaces it.
 *
 * <p>Timers are state. What a record sets, replaces or deletes is undone when it fails, and belongs to the next checkpoint;
 * a timer that has fired is gone in the same checkpoint as its effects.
 *
 * <p>Only usable inside {@link Processor#process} and {@link TimerHandler#onTimer}, by their thread, like any state.
 */
public interface Timers {

    /** Sets the key's timer, or replaces it. One that is due already fires before the next record. */
    void set(Instant time);

    /** As {@link #set(Instant)}, in milliseconds since the epoch. */
    void set(long millis);

    /** Deletes the key's timer, if it has one. */
    void delete();

    /** When the key's timer fires, in milliseconds since the epoch; nothing where it has none. */
    OptionalLong at();

    /**
     * The time by which these timers fire, in milliseconds since the epoch: the partition's watermark ({@link
     * Long#MIN_VALUE} before the first record), or the clock.
     */
    long now();
}
