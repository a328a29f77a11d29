package dev.cairn.rest;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

import dev.cairn.settings.CheckpointMode;
import dev.cairn.worker.status.JobState;
import dev.cairn.worker.status.PartitionState;

/**
 * The job: all of its workers together.
 *
 * @param state how the job is doing
 * @param reasons why, the worst first
 * @param unknown what cannot be told now
 * @param paused whether its workers are paused, however else they are doing
 * @param startTime when the first of its workers that run now was started, epoch milliseconds
 * @param duration since then, milliseconds
 * @param now this worker's clock, epoch milliseconds
 * @param interval of checkpoints, milliseconds
 * @param records processed by the workers that run now
 * @param lag records behind the ends of the inputs; null while that of a worker is not known
 * @param partitions how many there are in each state
 * @param control what the caller may do
 */
@JsonNaming(KebabCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobView(
        String name,
        JobState state,
        List<ReasonView> reasons,
        List<String> unknown,
        boolean paused,
        long startTime,
        long duration,
        long now,
        String version,
        String processor,
        CheckpointMode mode,
        long interval,
        List<String> inputTopics,
        String outputTopic,
        long records,
        double recordsPerSecond,
        @JsonInclude(JsonInclude.Include.ALWAYS) Long lag,
        Map<PartitionState, Long> partitions,
        Control control) {

    JobView withControl(Control allowed) {
        return new JobView(
                name,
                state,
                reasons,
                unknown,
                paused,
                startTime,
                duration,
                now,
                version,
                processor,
                mode,
                interval,
                inputTopics,
                outputTopic,
                records,
                recordsPerSecond,
                lag,
                partitions,
                allowed);
    }
}
