package dev.cairn.state;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The event time that a partition has reached, as a checkpoint records it.
 *
 * @param watermark in milliseconds since the epoch
 * @param inputs the largest timestamp seen of each input topic that has one
 */
public record EventTime(
        @JsonProperty(required = true) long watermark,
        @JsonProperty(required = true) Map<String, Long> inputs) {

    /** Of a partition that has seen no record. */
    static final EventTime NONE = new EventTime(PartitionTime.NONE, Map.of());

    public EventTime {
        inputs = Map.copyOf(inputs);
    }

    /**
     * Of a partition whose keys come from several: none of its timers may fire before its time.
     *
     * @return {@code null} where one of them has none
     */
    public static EventTime ofSeveral(Iterable<EventTime> parts) {
        long least = Long.MAX_VALUE;
        for (EventTime part : parts) {
            if (part == null) {
                return null;
            }
            least = Math.min(least, part.watermark());
        }
        return least == Long.MAX_VALUE ? null : new EventTime(least, Map.of());
    }
}
