package dev.cairn.rest;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

import dev.cairn.worker.status.Finding;
import dev.cairn.worker.status.JobState;
import dev.cairn.worker.status.Reason;

/**
 * A worker.
 *
 * @param instance its name in the job
 * @param address where it listens, for those who ask it; absent where it does not say
 * @param reachable whether it answered; of one that did not its name and partitions are known
 * @param self whether it is the one that answers
 * @param startTime epoch milliseconds
 * @param records processed since its start
 * @param state its lifecycle; {@code condition} is how it is doing
 * @param lag records behind the ends of the inputs; null while that is not known
 * @param partitions those that it has; of one that does not answer those that the group last gave it
 * @param heapUsed bytes
 * @param heapMax bytes
 * @param checkpointsInProgress so many are under way
 * @param partitionDetails its partitions; only where it is asked about itself
 * @param condition how it is doing, a name of {@link JobState}; absent where it does not answer, or is of an older version
 * @param reasons why, the worst first
 * @param unknown what it cannot tell now
 * @param kafkaLastContact how long ago Kafka last answered one of its clients, milliseconds
 * @param store the store as it sees it
 */
@JsonNaming(KebabCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
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
        @JsonInclude(JsonInclude.Include.ALWAYS) Long lag,
        List<LoopView> loops,
        List<Integer> partitions,
        long heapUsed,
        long heapMax,
        Double stateCacheHitRatio,
        long checkpointsInProgress,
        List<PartitionView> partitionDetails,
        String condition,
        List<ReasonView> reasons,
        List<String> unknown,
        Long kafkaLastContact,
        StoreView store) {

    /**
     * A loop.
     *
     * @param name its thread
     * @param joined whether the group has given it an assignment
     * @param stalled whether it waits for a checkpoint
     * @param lastTurn how long ago it went round, milliseconds
     */
    @JsonNaming(KebabCaseStrategy.class)
    record LoopView(String name, String state, boolean joined, boolean stalled, long lastTurn) {}

    /**
     * One that does not answer.
     *
     * @param partitions those that the group last gave it
     * @param absence what it does instead, a clause that follows its name
     */
    static WorkerView unreachable(String instance, String address, List<Integer> partitions, String absence) {
        return new WorkerView(
                instance,
                address,
                false,
                false,
                null,
                null,
                0,
                0,
                0,
                null,
                List.of(),
                partitions,
                0,
                0,
                null,
                0,
                null,
                null,
                List.of(ReasonView.of(new Reason(Finding.WORKER_AWAY, instance, absence))),
                null,
                null,
                null);
    }

    /** What one does that does not answer, a clause that follows its name. */
    String absence() {
        return reachable || reasons == null || reasons.isEmpty()
                ? "does not answer"
                : reasons.get(0).text();
    }

    boolean isPaused() {
        return state == ShownState.PAUSED;
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
                details,
                condition,
                reasons,
                unknown,
                kafkaLastContact,
                store);
    }
}
