package dev.cairn.state;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The event time that a partition has reached, and what waits for it or for the clock, as a checkpoint records it.
 *
 * @param watermark in milliseconds since the epoch
 * @param inputs the largest timestamp seen of each input topic that has one
 * @param timers how many timers are set
 */
public record EventTime(
        @JsonProperty(required = true) long watermark,
        @JsonProperty(required = true) Map<String, Long> inputs,
        @JsonProperty(required = true) long timers) {

    /** Of a partition that has seen no record. */
    static final EventTime NONE = new EventTime(PartitionTime.NONE, Map.of(), 0);

    public EventTime {
        inputs = Map.copyOf(inputs);
    }

    /** The same time with another number of timers. */
    public EventTime withTimers(long count) {
        return new EventTime(watermark, inputs, count);
    }

    /**
     * Of a partition whose keys come from several: none of its timers may fire before its time.
     *
     * @param parts {@code null} for one that has seen no record and has no timer
     * @return without its timers; {@code null} where all are
     */
    public static EventTime ofSeveral(Iterable<EventTime> parts) {
        long least = Long.MAX_VALUE;
        boolean any = false;
        for (EventTime part : parts) {
            if (part != null) {
                least = Math.min(least, part.watermark());
                any = true;
            }
        }
        return any ? new EventTime(least, Map.of(), 0) : null;
    }
}
