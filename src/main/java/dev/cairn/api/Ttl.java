package dev.cairn.api;

import java.time.Duration;

/**
 * How long values of a state live. What has expired is never seen again, neither by the processor nor by those who read state
 * from outside; it is deleted from the checkpoints a little later, a bounded number at a time.
 *
 * <p>Each value has a time of its own: that of a {@link ValueState} or a {@link ReducingState}, of an entry of a {@link MapState},
 * and of an element of a {@link ListState}. It is stored with the value, in eight bytes. So another duration counts for values
 * that are written from then on. Whether a state has a TTL, and in which time, cannot change while it is stored.
 *
 * <p>Immutable.
 */
public final class Ttl {

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Duration duration;
    private final boolean inEventTime;
    private final boolean refreshedByReads;

    private Ttl(Duration duration, boolean inEventTime, boolean refreshedByReads) {
        this.duration = duration;
        this.inEventTime = inEventTime;
        this.refreshedByReads = refreshedByReads;
    }

    /**
     * A value expires when so much time has passed by the worker's clock since it was written.
     *
     * @param duration from a millisecond to 100 years
     * @throws IllegalArgumentException when it is shorter or longer
     */
    public static Ttl after(Duration duration) {
        if (duration.toMillis() < 1 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("values cannot live for " + duration
                    + ": give a duration from a millisecond to " + LONGEST.toDays() + " days");
        }
        return new Ttl(duration, false, false);
    }

    /** The same by event time: when the partition's watermark has passed so much time since the value was written. */
    public Ttl eventTime() {
        return new Ttl(duration, true, refreshedByReads);
    }

    /**
     * The same, counted from when the value was last read or written. A read writes the value again once a sixteenth of its
     * time has passed, so a value may expire as much earlier. Not for a {@link ListState}, whose elements expire in their
     * order.
     */
    public Ttl refreshedByReads() {
        return new Ttl(duration, inEventTime, true);
    }

    /** How long a value lives. */
    public Duration duration() {
        return duration;
    }

    /** Whether it is counted in event time. */
    public boolean isInEventTime() {
        return inEventTime;
    }

    /** Whether reads count. */
    public boolean isRefreshedByReads() {
        return refreshedByReads;
    }

    @Override
    public String toString() {
        return duration + (inEventTime ? " in event time" : "") + (refreshedByReads ? ", refreshed by reads" : "");
    }
}
