package dev.cairn.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;

import dev.cairn.state.DatabaseFigures;
import dev.cairn.worker.status.WorkerStatus.InputInfo;
import dev.cairn.worker.status.WorkerStatus.PartitionInfo;
import dev.cairn.worker.status.WorkerStatus.TimeInfo;

/** The meters of each partition: they come and go with it. On the metrics' thread. */
final class PartitionMeters {

    private static final Map<Metric, ToDoubleFunction<DatabaseFigures>> OF_DATABASE = new EnumMap<>(Map.of(
            Metric.ROCKS_KEYS, DatabaseFigures::estimatedKeys,
            Metric.ROCKS_LIVE, DatabaseFigures::liveBytes,
            Metric.ROCKS_FILES, DatabaseFigures::files,
            Metric.ROCKS_READERS, DatabaseFigures::tableReaderBytes,
            Metric.ROCKS_PENDING, DatabaseFigures::pendingCompactionBytes,
            Metric.ROCKS_COMPACTIONS, DatabaseFigures::runningCompactions));

    private final MeterRegistry registry;
    private final Map<Metric, MultiGauge> gauges = new EnumMap<>(Metric.class);
    private volatile Picture picture;

    PartitionMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Adds what is new, and takes away what is gone; what stays reads this picture from here on. */
    void look(Picture now) {
        picture = now;
        List<Row<?>> lags = new ArrayList<>();
        List<Row<?>> entries = new ArrayList<>();
        List<Row<?>> retries = new ArrayList<>();
        List<Row<?>> checkpoints = new ArrayList<>();
        List<Integer> timed = new ArrayList<>();
        for (PartitionInfo partition : now.partitions().values()) {
            int number = partition.number();
            String text = Integer.toString(number);
            for (InputInfo input : partition.inputs()) {
                lags.add(row(Metric.PARTITION_LAG, seen -> lag(seen, number, input.topic()), text, input.topic()));
            }
            entries.add(row(Metric.HEAP_ENTRIES, seen -> seen.partition(number, PartitionInfo::entriesOnHeap), text));
            partition.time().ifPresent(time -> timed.add(number));
            retries.add(row(Metric.RETRYING, seen -> seen.partition(number, PartitionMeters::retrying), text));
            partition
                    .lastCheckpoint()
                    .ifPresent(
                            last -> checkpoints.add(row(Metric.LAST_NUMBER, seen -> last.number(), text, last.path())));
        }
        show(Metric.PARTITION_LAG, lags);
        show(Metric.HEAP_ENTRIES, entries);
        show(Metric.RETRYING, retries);
        show(Metric.LAST_NUMBER, checkpoints);
        ofTime(Metric.WATERMARK, timed, time -> seconds(time, Instant.EPOCH));
        ofTime(Metric.WATERMARK_LAG, timed, time -> -seconds(time, Instant.now()));
        ofTime(Metric.TIMERS, timed, TimeInfo::timers);
        OF_DATABASE.forEach((metric, value) -> show(
                metric,
                now.databases().keySet().stream()
                        .<Row<?>>map(
                                number -> row(metric, seen -> seen.database(number, value), Integer.toString(number)))
                        .toList()));
    }

    private void ofTime(Metric metric, List<Integer> partitions, ToDoubleFunction<TimeInfo> value) {
        show(
                metric,
                partitions.stream()
                        .<Row<?>>map(number -> row(
                                metric,
                                seen -> seen.partition(number, partition -> partition
                                        .time()
                                        .map(value::applyAsDouble)
                                        .orElse(Double.NaN)),
                                Integer.toString(number)))
                        .toList());
    }

    private static double seconds(TimeInfo time, Instant since) {
        return time.watermark()
                .map(watermark -> Duration.between(since, watermark).toMillis() / 1_000.0)
                .orElse(Double.NaN);
    }

    private Row<?> row(Metric metric, ToDoubleFunction<Picture> value, String... tags) {
        return Row.of(metric.tagged(tags), this, me -> value.applyAsDouble(me.picture));
    }

    private void show(Metric metric, List<Row<?>> rows) {
        gauges.computeIfAbsent(metric, absent -> MultiGauge.builder(metric.id())
                        .description(metric.description())
                        .baseUnit(metric.unit())
                        .register(registry))
                .register(rows);
    }

    private static double retrying(PartitionInfo partition) {
        return partition.retry().map(retry -> retry.lasting().toMillis() / 1e3).orElse(0.0);
    }

    private static double lag(Picture seen, int number, String topic) {
        return seen.partition(number, partition -> partition.inputs().stream()
                .filter(input -> input.topic().equals(topic))
                .mapToDouble(input -> Picture.known(input.lag()))
                .sum());
    }
}
