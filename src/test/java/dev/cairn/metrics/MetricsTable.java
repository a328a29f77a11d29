package dev.cairn.metrics;

import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.prometheus.PrometheusNamingConvention;

/** The meters as {@code docs/reference/metrics.md} shows them. */
@SuppressWarnings("deprecation") // It goes with the client of Prometheus that Quarkus has.
final class MetricsTable {

    private static final PrometheusNamingConvention NAMES = new PrometheusNamingConvention();

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
                        Stream.of(metric.flink().split(", "))
                                .filter(name -> !name.isEmpty())
                                .map(name -> "`" + name + "`")
                                .collect(Collectors.joining(", ")));
    }

    /** Its name in a scrape, without what Prometheus adds to the parts of a histogram. */
    static String name(Metric metric) {
        return NAMES.name(metric.id(), metric.type(), metric.unit());
    }
}
