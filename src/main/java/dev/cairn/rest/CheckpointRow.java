package dev.cairn.rest;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

import dev.cairn.fleet.FleetEvent;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.CheckpointReport.Outcome;
import dev.cairn.worker.status.CheckpointReport.Part;

/**
 * One checkpoint of one loop, by Flink's names: its partitions commit together. Times in epoch milliseconds, durations in
 * milliseconds, sizes in bytes.
 *
 * @param id the highest number of its partitions
 * @param isSavepoint whether it is a copy of the whole job, which no loop took
 * @param trigger why it was taken
 * @param numSubtasks so many partitions took part
 * @param numAcknowledgedSubtasks so many of them were written
 * @param loop the loop that took it; -1 for a savepoint
 * @param failureMessage why it failed; nothing otherwise
 * @param externalPath where a savepoint lies
 */
@JsonNaming(SnakeCaseStrategy.class)
record CheckpointRow(
        long id,
        String worker,
        int loop,
        Outcome status,
        boolean isSavepoint,
        String trigger,
        long triggerTimestamp,
        long latestAckTimestamp,
        long endToEndDuration,
        long checkpointedSize,
        long stateSize,
        int numSubtasks,
        int numAcknowledgedSubtasks,
        String failureMessage,
        Phases phases,
        List<PartitionRow> partitions,
        @JsonInclude(JsonInclude.Include.NON_NULL) String externalPath) {

    private static final int NO_LOOP = -1;

    /** How long each took; of the partitions, which are written side by side, the longest. */
    record Phases(long freeze, long sort, long write, long upload, long commit, long ingest) {}

    /** A partition's part. */
    @JsonNaming(SnakeCaseStrategy.class)
    record PartitionRow(int partition, long id, String externalPath, long checkpointedSize, long stateSize) {}

    private static final Phases NONE = new Phases(0, 0, 0, 0, 0, 0);

    static CheckpointRow of(FleetEvent.Row row) {
        return row instanceof FleetEvent.SavepointEnded savepoint
                ? of(savepoint)
                : of(((FleetEvent.CheckpointEnded) row).checkpoint());
    }

    private static CheckpointRow of(FleetEvent.SavepointEnded savepoint) {
        boolean completed = savepoint.failure().isEmpty();
        return new CheckpointRow(
                savepoint.number(),
                savepoint.worker(),
                NO_LOOP,
                completed ? Outcome.COMPLETED : Outcome.FAILED,
                true,
                "SAVEPOINT",
                savepoint.triggeredAt().toEpochMilli(),
                savepoint.triggeredAt().plus(savepoint.duration()).toEpochMilli(),
                savepoint.duration().toMillis(),
                savepoint.bytes(),
                savepoint.bytes(),
                savepoint.partitions(),
                completed ? savepoint.partitions() : 0,
                completed ? null : savepoint.failure(),
                NONE,
                List.of(),
                completed ? savepoint.location() : null);
    }

    private static CheckpointRow of(CheckpointReport report) {
        return new CheckpointRow(
                report.highestNumber(),
                report.worker(),
                report.loop(),
                report.outcome(),
                false,
                report.trigger().name(),
                report.triggeredAt().toEpochMilli(),
                report.triggeredAt().plus(report.duration()).toEpochMilli(),
                report.duration().toMillis(),
                report.deltaBytes(),
                report.fullBytes(),
                report.parts().size(),
                (int) report.parts().stream()
                        .filter(part -> !part.uid().isEmpty())
                        .count(),
                report.outcome() == Outcome.FAILED ? report.failure() : null,
                new Phases(
                        report.freeze().toMillis(),
                        longest(report, Part::sort),
                        longest(report, Part::write),
                        longest(report, Part::upload),
                        report.commit().toMillis(),
                        longest(report, Part::ingest)),
                report.parts().stream()
                        .map(part -> new PartitionRow(
                                part.partition(), part.number(), part.path(), part.deltaBytes(), part.fullBytes()))
                        .toList(),
                null);
    }

    private static long longest(CheckpointReport report, Function<Part, Duration> phase) {
        return report.parts().stream()
                .map(phase)
                .mapToLong(Duration::toMillis)
                .max()
                .orElse(0);
    }
}
