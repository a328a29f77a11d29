package dev.cairn.rest;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

import dev.cairn.fleet.FleetEvent;
import dev.cairn.fleet.History;
import dev.cairn.worker.status.CheckpointReport.Outcome;
import dev.cairn.worker.status.WorkerEvent.PartitionRestored;

/** The checkpoints of the job, in the shape that Flink gives them. */
@JsonNaming(SnakeCaseStrategy.class)
record CheckpointsView(Counts counts, Summaries summary, Latest latest, List<CheckpointRow> history) {

    /** How many there have been, as far as the events reach back; the restored are partitions. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Counts(long restored, long total, long inProgress, long completed, long failed) {}

    /** Of the completed ones in the history. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Summaries(
            Summary checkpointedSize,
            Summary stateSize,
            Summary endToEndDuration,
            Summary freezeDuration,
            Summary sortDuration,
            Summary writeDuration,
            Summary uploadDuration,
            Summary commitDuration,
            Summary ingestDuration) {}

    /** The newest of each kind; nothing where there has been none. */
    record Latest(CheckpointRow completed, CheckpointRow savepoint, CheckpointRow failed, Restore restored) {}

    /** A partition that was restored. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Restore(long id, int partition, long restoreTimestamp, boolean isSavepoint, String externalPath) {}

    /**
     * @param inProgress checkpoints under way
     * @param limit how many rows are shown; all of them count
     */
    static CheckpointsView of(History.Picture picture, long inProgress, int limit) {
        List<CheckpointRow> rows =
                picture.rows().stream().map(CheckpointRow::of).toList();
        return new CheckpointsView(
                new Counts(
                        picture.restored(),
                        picture.completed() + picture.failed() + inProgress,
                        inProgress,
                        picture.completed(),
                        picture.failed()),
                summaries(rows.stream()
                        .filter(row -> row.status() == Outcome.COMPLETED && !row.isSavepoint())
                        .toList()),
                new Latest(
                        row(picture.lastCompleted()),
                        row(picture.lastSavepoint()),
                        row(picture.lastFailed()),
                        restored(picture.lastRestored().map(FleetEvent.PartitionRestored::restored))),
                rows.stream().limit(limit).toList());
    }

    private static CheckpointRow row(Optional<? extends FleetEvent.Row> row) {
        return row.map(CheckpointRow::of).orElse(null);
    }

    private static Summaries summaries(List<CheckpointRow> rows) {
        return new Summaries(
                summary(rows, CheckpointRow::checkpointedSize),
                summary(rows, CheckpointRow::stateSize),
                summary(rows, CheckpointRow::endToEndDuration),
                summary(rows, row -> row.phases().freeze()),
                summary(rows, row -> row.phases().sort()),
                summary(rows, row -> row.phases().write()),
                summary(rows, row -> row.phases().upload()),
                summary(rows, row -> row.phases().commit()),
                summary(rows, row -> row.phases().ingest()));
    }

    private static Summary summary(List<CheckpointRow> rows, ToLongFunction<CheckpointRow> value) {
        return Summary.of(rows.stream().mapToLong(value).toArray());
    }

    private static Restore restored(Optional<PartitionRestored> restore) {
        return restore.map(of -> new Restore(
                        of.number(),
                        of.partition(),
                        of.at().toEpochMilli(),
                        of.path().contains("/savepoint-"),
                        of.path()))
                .orElse(null);
    }
}
