package dev.cairn.rest;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * A worker.
 *
 * @param instance its name in the job
 * @param address where it listens, for those who ask it; absent where it does not say
 * @param reachable whether it answered; of one that did not only its name is known
 * @param self whether it is the one that answers
 * @param startTime epoch milliseconds
 * @param records processed since its start
 * @param lag records behind the ends of the inputs
 * @param partitions those that it has
 * @param heapUsed bytes
 * @param heapMax bytes
 * @param checkpointsInProgress so many are under way
 * @param partitionDetails its partitions; only where it is asked about itself
 */
@JsonNaming(KebabCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record WorkerView(
        String instance,
        String address,
        boolean reachable,
        boolean self,
        ShownState state,
        String version,
        long startTime,
        long records,
        double recordsPerSecond,
        long lag,
        List<LoopView> loops,
        List<Integer> partitions,
        long heapUsed,
        long heapMax,
        Double stateCacheHitRatio,
        long checkpointsInProgress,
        List<PartitionView> partitionDetails) {

    /**
     * A loop.
     *
     * @param name its thread
     * @param joined whether the group has given it an assignment
     * @param stalled whether it waits for a checkpoint
     * @param lastTurn how long ago it went round, milliseconds
     */
    @JsonNaming(KebabCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record LoopView(String name, String state, boolean joined, boolean stalled, long lastTurn) {}

    /** One that does not answer. */
    static WorkerView unreachable(String instance, String address) {
        return new WorkerView(
                instance, address, false, false, null, null, 0, 0, 0, 0, List.of(), List.of(), 0, 0, null, 0, null);
    }

    /** As others see it. */
    WorkerView at(String where, boolean isSelf) {
        return with(where, isSelf, partitionDetails);
    }

    WorkerView withoutDetails() {
        return with(address, self, null);
    }

    private WorkerView with(String where, boolean isSelf, List<PartitionView> details) {
        return new WorkerView(
                instance,
                where,
                reachable,
                isSelf,
                state,
                version,
                startTime,
                records,
                recordsPerSecond,
                lag,
                loops,
                partitions,
                heapUsed,
                heapMax,
                stateCacheHitRatio,
                checkpointsInProgress,
                details);
    }
}
