package dev.cairn.state;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What time it is for a partition: by the clock, and by its records.
 *
 * <p>The <em>watermark</em> is the event time that the partition has reached: the least, over its inputs, of the largest
 * timestamp seen, less the time by which records may be out of order. An idle input does not hold it back; where all are
 * idle, it is where the farthest of them is. It never goes backwards, except with a roll back, and is part of the
 * checkpoint.
 *
 * <p>Used by the loop's thread; {@link #watermark} may be asked for by any.
 */
public final class PartitionTime {

    /** No time yet. */
    public static final long NONE = Long.MIN_VALUE;

    /** The end of the year 9999. What is later is no time, such as one in microseconds, and would leave no room for a TTL. */
    private static final long LAST = 253_402_300_799_999L;

    private static final long MAX_LOOK_GAP_NANOS = 1_000_000_000;

    private final long outOfOrdernessMillis;
    private final long idleNanos;
    private final LongSupplier clock;

    private String[] inputs = {};
    private long[] largest = {};
    private long[] quietNanos = {};
    private long[] lookedNanos = {};
    private boolean[] fresh = {};
    private boolean[] idle = {};
    private volatile long watermark = NONE;
    private volatile long timers;
    private EventTime committed = EventTime.NONE;
    private EventTime frozen;

    /**
     * @param outOfOrderness by how much a record may be older than the newest of its input
     * @param idle how long an input of which the broker has no more holds the watermark back
     * @param clock milliseconds since the epoch
     */
    public PartitionTime(Duration outOfOrderness, Duration idle, LongSupplier clock) {
        this.outOfOrdernessMillis = outOfOrderness.toMillis();
        this.idleNanos = idle.toNanos();
        this.clock = clock;
    }

    /** By the system's clock, with records in order. */
    public static PartitionTime ofSystem() {
        return new PartitionTime(Duration.ZERO, Duration.ZERO, System::currentTimeMillis);
    }

    /**
     * Begins where a checkpoint was, before the first record.
     *
     * @param topics the inputs of the partition
     * @param restored what the checkpoint records; {@code null} for nothing
     */
    public void start(Iterable<String> topics, EventTime restored) {
        committed = restored == null ? EventTime.NONE : restored;
        watermark = committed.watermark();
        timers = committed.timers();
        for (String topic : topics) {
            add(topic);
        }
    }

    private int add(String topic) {
        int index = inputs.length;
        inputs = Arrays.copyOf(inputs, index + 1);
        largest = Arrays.copyOf(largest, index + 1);
        quietNanos = Arrays.copyOf(quietNanos, index + 1);
        lookedNanos = Arrays.copyOf(lookedNanos, index + 1);
        fresh = Arrays.copyOf(fresh, index + 1);
        idle = Arrays.copyOf(idle, index + 1);
        inputs[index] = topic;
        largest[index] = committed.inputs().getOrDefault(topic, NONE);
        fresh[index] = true;
        return index;
    }

    /** By the clock, in milliseconds since the epoch. */
    public long now() {
        return clock.getAsLong();
    }

    /** By the records, in milliseconds since the epoch; {@link #NONE} before the first. From any thread. */
    public long watermark() {
        return watermark;
    }

    /** How many timers are set. From any thread. */
    public long timers() {
        return timers;
    }

    /** Timers were set, or have gone. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Only the loop's thread writes.
    void addTimers(int more) {
        timers += more;
    }

    /** A record of an input is next, with this timestamp; below zero for none. One beyond the year 9999 moves nothing. */
    public void saw(String topic, long timestamp) {
        int index = indexOf(topic);
        idle[index] = false;
        fresh[index] = true;
        if (timestamp <= LAST && timestamp > largest[index] && timestamp >= 0) {
            largest[index] = timestamp;
            advance();
        }
    }

    /**
     * How an input without a record at hand is.
     *
     * @param exhausted whether the broker is known to have no more of it
     * @param nowNanos of a monotonic clock
     */
    public void quiet(String topic, boolean exhausted, long nowNanos) {
        int index = indexOf(topic);
        // Little is known of a long time in which no one has looked: several looks are needed.
        long gap = Math.min(nowNanos - lookedNanos[index], Math.min(MAX_LOOK_GAP_NANOS, idleNanos / 4));
        lookedNanos[index] = nowNanos;
        quietNanos[index] = exhausted && !fresh[index] ? quietNanos[index] + gap : 0;
        fresh[index] = !exhausted;
        if (exhausted && !idle[index] && quietNanos[index] >= idleNanos) {
            idle[index] = true;
            advance();
        }
    }

    private int indexOf(String topic) {
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].equals(topic)) {
                return i;
            }
        }
        return add(topic);
    }

    private void advance() {
        long least = Long.MAX_VALUE;
        long greatest = NONE;
        for (int i = 0; i < inputs.length; i++) {
            greatest = Math.max(greatest, largest[i]);
            if (!idle[i]) {
                least = Math.min(least, largest[i]);
            }
        }
        long reached = least == Long.MAX_VALUE ? greatest : least;
        if (reached != NONE && reached - outOfOrdernessMillis > watermark) {
            watermark = reached - outOfOrdernessMillis;
        }
    }

    /** What the checkpoint that begins now records; {@code null} for nothing. */
    public EventTime freeze() {
        Map<String, Long> timestamps = new TreeMap<>();
        for (int i = 0; i < inputs.length; i++) {
            if (largest[i] != NONE) {
                timestamps.put(inputs[i], largest[i]);
            }
        }
        frozen = new EventTime(watermark, timestamps, timers);
        return timestamps.isEmpty() && watermark == NONE && timers == 0 ? null : frozen;
    }

    /** The checkpoint is committed. */
    void releaseFrozen() {
        if (frozen != null) {
            committed = frozen;
            frozen = null;
        }
    }

    /** The records since the last checkpoint come again. */
    void rollBack() {
        frozen = null;
        watermark = committed.watermark();
        timers = committed.timers();
        for (int i = 0; i < inputs.length; i++) {
            largest[i] = committed.inputs().getOrDefault(inputs[i], NONE);
            idle[i] = false;
            fresh[i] = true;
        }
    }
}
