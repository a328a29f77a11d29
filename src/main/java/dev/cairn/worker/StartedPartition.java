package dev.cairn.worker;

import java.util.Map;

import dev.cairn.checkpoint.Restored;

/** How an attempt to start a partition ended. */
sealed interface StartedPartition {

    /**
     * It can go on.
     *
     * @param restored its state
     * @param positions the next offset of every input topic
     * @param partitionCounts how many partitions every input topic has
     * @param uncommitted whether its start is to be committed even if no record comes
     */
    record Ready(
            Restored restored, Map<String, Long> positions, Map<String, Integer> partitionCounts, boolean uncommitted)
            implements StartedPartition {}

    /** It is left alone, for a reason that a person has to look at. */
    record Parked(String cause) implements StartedPartition {}
}
