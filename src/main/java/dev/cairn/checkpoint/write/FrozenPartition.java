package dev.cairn.checkpoint.write;

import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.state.Change;
import dev.cairn.state.EventTime;
import dev.cairn.state.StateDescriptor;

/**
 * What a freeze took of a partition.
 *
 * @param changes serialised, in no order, every key once; sorted in place by their writer
 * @param positions how far the inputs had been read
 * @param states what is stored
 * @param eventTime where the partition's event time is; {@code null} where it has none
 * @param freezeNanos how long the loop was held up
 */
public record FrozenPartition(
        List<Change> changes,
        List<InputPosition> positions,
        List<StateDescriptor> states,
        EventTime eventTime,
        long freezeNanos) {

    /** Of a partition that has no event time. */
    public FrozenPartition(
            List<Change> changes, List<InputPosition> positions, List<StateDescriptor> states, long freezeNanos) {
        this(changes, positions, states, null, freezeNanos);
    }

    long freezeMillis() {
        return TimeUnit.NANOSECONDS.toMillis(freezeNanos);
    }
}
