package dev.cairn.metrics;

import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import dev.cairn.state.CacheFigures;
import dev.cairn.state.DatabaseFigures;
import dev.cairn.worker.status.JobState;
import dev.cairn.worker.status.LoopInfo;
import dev.cairn.worker.status.WorkerFigures;
import dev.cairn.worker.status.WorkerStatus;

/** What a worker said of itself at one moment: what a scrape reads, so that it asks no one. */
record Picture(
        WorkerStatus status,
        JobState state,
        CacheFigures blockCache,
        Map<Integer, LoopInfo> loops,
        Map<Integer, WorkerStatus.PartitionInfo> partitions,
        Map<Integer, DatabaseFigures> databases) {

    static Picture of(WorkerStatus status, WorkerFigures figures) {
        return new Picture(
                status,
                status.judgement().state(),
                figures.blockCache(),
                status.loops().stream().collect(Collectors.toMap(LoopInfo::number, Function.identity())),
                // For a moment two loops may have the same one.
                status.partitions().stream()
                        .collect(Collectors.toMap(
                                WorkerStatus.PartitionInfo::number, Function.identity(), (one, other) -> other)),
                figures.databases().stream()
                        .collect(Collectors.toMap(
                                WorkerFigures.Database::partition,
                                WorkerFigures.Database::figures,
                                (one, other) -> other)));
    }

    double loop(int number, ToDoubleFunction<LoopInfo> value) {
        return of(loops.get(number), value);
    }

    double partition(int number, ToDoubleFunction<WorkerStatus.PartitionInfo> value) {
        return of(partitions.get(number), value);
    }

    double database(int partition, ToDoubleFunction<DatabaseFigures> value) {
        return of(databases.get(partition), value);
    }

    /** What is not known is not a number. */
    static double known(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : Double.NaN;
    }

    private static <T> double of(T thing, ToDoubleFunction<T> value) {
        return thing == null ? Double.NaN : value.applyAsDouble(thing);
    }
}
