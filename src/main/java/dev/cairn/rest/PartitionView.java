package dev.cairn.rest;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

import dev.cairn.worker.status.PartitionState;

/**
 * A partition, of every input topic.
 *
 * @param worker the one that has it
 * @param loop that worker's loop; absent where the worker is of an older version
 * @param since since when it is in this state, epoch milliseconds
 * @param lag records behind the ends of its inputs; null while that is not known
 * @param checkpoint its last one since it was assigned, if there has been one
 * @param restored what it was last started from; absent where there was nothing to restore
 * @param restore how far it has been restored, while it is
 * @param parked why it waits for a person, while it does
 * @param retry which record it tries again, while it does
 */
@JsonNaming(KebabCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record PartitionView(
        int partition,
        String worker,
        Integer loop,
        PartitionState state,
        long since,
        @JsonInclude(JsonInclude.Include.ALWAYS) Long lag,
        List<InputView> inputs,
        CheckpointView checkpoint,
        RestoredView restored,
        RestoreView restore,
        ParkedView parked,
        RetryView retry) {

    /**
     * Where one input topic stands: next offset to process, next offset after the last checkpoint, records behind, null while
     * that is not known.
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record InputView(String topic, long position, long committed, Long lag) {}

    /** A checkpoint, by Flink's names; sizes in bytes, the time in epoch milliseconds. */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record CheckpointView(long id, String externalPath, long checkpointedSize, long stateSize, Long triggerTimestamp) {}

    /**
     * What a partition was started from, by Flink's names.
     *
     * @param source {@code LOCAL} disk, {@code STORE}, or a {@code PATH} outside of the job
     * @param restoreTimestamp epoch milliseconds
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record RestoredView(long id, String source, long restoreTimestamp) {}

    /**
     * A restore under way.
     *
     * @param bytes fetched so far
     * @param total bytes to be fetched, as far as it is known
     * @param startTime epoch milliseconds
     * @param remaining milliseconds, by the rate so far; absent where there is none yet
     */
    @JsonNaming(KebabCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record RestoreView(long bytes, long total, long startTime, long bytesPerSecond, Long remaining) {

        static RestoreView of(long bytes, long total, long startTime, long now) {
            long millis = Math.max(1, now - startTime);
            long perSecond = bytes * 1000 / millis;
            return new RestoreView(
                    bytes,
                    total,
                    startTime,
                    perSecond,
                    perSecond == 0 ? null : Math.max(0, total - bytes) * 1000 / perSecond);
        }
    }

    /** Why a partition waits, and the way out. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record ParkedView(String cause) {}

    /**
     * A record that failed and is tried again.
     *
     * @param record as {@code topic-partition@offset}
     * @param stage where it fails
     * @param cause why
     * @param failures how often it has failed
     * @param lasting milliseconds since it failed for the first time
     * @param nextAttempt epoch milliseconds
     */
    @JsonNaming(KebabCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record RetryView(String record, String stage, String cause, int failures, long lasting, long nextAttempt) {}
}
