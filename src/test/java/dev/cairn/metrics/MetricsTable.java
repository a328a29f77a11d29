package dev.cairn.metrics;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.prometheus.PrometheusNamingConvention;

/** The meters as {@code docs/reference/metrics.md} shows them. */
@SuppressWarnings("deprecation") // It goes with the client of Prometheus that Quarkus has.
final class MetricsTable {

    private static final PrometheusNamingConvention NAMES = new PrometheusNamingConvention();

    /** What Flink calls a meter, or what is nearest to it. */
    private static final Map<Metric, String> IN_FLINK = Map.ofEntries(
            Map.entry(Metric.RECORDS, "numRecordsIn, numRecordsInPerSecond"),
            Map.entry(Metric.LAG, "pendingRecords"),
            Map.entry(Metric.PARTITION_LAG, "records-lag-max"),
            Map.entry(Metric.POLL_TIME, "idleTimeMsPerSecond"),
            Map.entry(Metric.PROCESS_TIME, "busyTimeMsPerSecond"),
            Map.entry(Metric.STALLED, "backPressuredTimeMsPerSecond"),
            Map.entry(Metric.ROLL_BACKS, "numRestarts"),
            Map.entry(Metric.CHECKPOINTS, "numberOfCompletedCheckpoints, numberOfFailedCheckpoints"),
            Map.entry(Metric.CHECKPOINTS_IN_PROGRESS, "numberOfInProgressCheckpoints"),
            Map.entry(Metric.WATERMARK, "currentInputWatermark"),
            Map.entry(Metric.WATERMARK_LAG, "watermarkLag"),
            Map.entry(Metric.LAST_DURATION, "lastCheckpointDuration"),
            Map.entry(Metric.LAST_SIZE, "lastCheckpointSize, lastCheckpointFullSize"),
            Map.entry(Metric.LAST_NUMBER, "lastCheckpointExternalPath"),
            Map.entry(Metric.LAST_RESTORE, "lastCheckpointRestoreTimestamp"),
            Map.entry(Metric.ROCKS_KEYS, "rocksdb.estimate-num-keys"),
            Map.entry(Metric.ROCKS_LIVE, "rocksdb.live-sst-files-size"),
            Map.entry(Metric.ROCKS_FILES, "rocksdb.num-files-at-level<N>"),
            Map.entry(Metric.ROCKS_READERS, "rocksdb.estimate-table-readers-mem"),
            Map.entry(Metric.ROCKS_PENDING, "rocksdb.estimate-pending-compaction-bytes"),
            Map.entry(Metric.ROCKS_COMPACTIONS, "rocksdb.num-running-compactions"),
            Map.entry(Metric.BLOCK_CACHE_USAGE, "rocksdb.block-cache-usage"),
            Map.entry(Metric.BLOCK_CACHE_PINNED, "rocksdb.block-cache-pinned-usage"),
            Map.entry(Metric.BLOCK_CACHE_CAPACITY, "rocksdb.block-cache-capacity"));

    private MetricsTable() {}

    /** A table in Markdown, without a line break at its end. */
    static String markdown() {
        return Stream.of(Metric.values())
                .map(MetricsTable::row)
                .collect(Collectors.joining(
                        "\n", "| metric | labels | meaning | in Flink |\n| --- | --- | --- | --- |\n", ""));
    }

    private static String row(Metric metric) {
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        name(metric),
                        metric.tags().stream().map(tag -> "`" + tag + "`").collect(Collectors.joining(", ")),
                        metric.description(),
                        Stream.of(IN_FLINK.getOrDefault(metric, "").split(", "))
                                .filter(name -> !name.isEmpty())
                                .map(name -> "`" + name + "`")
                                .collect(Collectors.joining(", ")));
    }

    /** Its name in a scrape, without what Prometheus adds to the parts of a histogram. */
    static String name(Metric metric) {
        return NAMES.name(metric.id(), metric.type(), metric.unit());
    }
}
