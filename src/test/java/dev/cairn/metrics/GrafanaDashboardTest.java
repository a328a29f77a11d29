package dev.cairn.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheus.PrometheusNamingConvention;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every panel of the Grafana dashboard asks for metrics and labels that there are. */
@SuppressWarnings("deprecation") // It goes with the client of Prometheus that Quarkus has.
class GrafanaDashboardTest {

    private static final Path DASHBOARD = Path.of("k8s", "base", "grafana-dashboard.json");
    private static final Pattern SELECTOR = Pattern.compile("([a-z_]+)\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)=~?\"");
    private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\)");
    private static final Pattern VALUES = Pattern.compile("label_values\\((\\w+)(?:\\{[^}]*})?, (\\w+)\\)");
    private static final Set<String> LABELS_OF_ALL = Set.of("cairn_job", "cairn_instance");

    /** Meters of Micrometer's that register nothing before the first event. */
    private static final Map<String, Set<String>> OF_EVENTS =
            Map.of("jvm_gc_pause_seconds_sum", Set.of("action", "cause", "gc"));

    private static final Map<String, Set<String>> LABELS_BY_NAME = new HashMap<>(OF_EVENTS);

    @BeforeAll
    static void knowMetrics() {
        PrometheusNamingConvention names = new PrometheusNamingConvention();
        for (Metric metric : Metric.values()) {
            String name = MetricsTable.name(metric);
            Set<String> labels = new TreeSet<>(metric.tags());
            if (metric.type() == Meter.Type.TIMER || metric.type() == Meter.Type.DISTRIBUTION_SUMMARY) {
                Stream.of("_count", "_sum", "_max").forEach(part -> LABELS_BY_NAME.put(name + part, labels));
                if (metric.type() == Meter.Type.TIMER && metric != Metric.STORE_REQUESTS) {
                    labels.add("le");
                    LABELS_BY_NAME.put(name + "_bucket", labels);
                }
            } else {
                LABELS_BY_NAME.put(name, labels);
            }
        }
        MeterRegistry others = new SimpleMeterRegistry();
        List.of(new JvmMemoryMetrics(), new JvmThreadMetrics(), new ProcessorMetrics())
                .forEach(binder -> binder.bindTo(others));
        others.getMeters().forEach(meter -> LABELS_BY_NAME
                .computeIfAbsent(
                        names.name(
                                meter.getId().getName(),
                                meter.getId().getType(),
                                meter.getId().getBaseUnit()),
                        ignored -> new TreeSet<>())
                .addAll(meter.getId().getTags().stream()
                        .map(tag -> names.tagKey(tag.getKey()))
                        .toList()));
    }

    @Test
    void shouldAskForMetricsAndLabelsThatThereAre() throws IOException {
        // When
        List<String> queries =
                read().findValues("expr").stream().map(JsonNode::asText).toList();

        // Then
        assertThat(queries).hasSizeGreaterThan(40).allSatisfy(query -> {
            Matcher selector = SELECTOR.matcher(query);
            Set<String> labels = new TreeSet<>(LABELS_OF_ALL);
            assertThat(selector.find()).isTrue();
            do {
                assertThat(LABELS_BY_NAME).containsKey(selector.group(1));
                Set<String> ofMetric = LABELS_BY_NAME.get(selector.group(1));
                labels.addAll(ofMetric);
                assertThat(MATCHER.matcher(selector.group(2)).results().map(label -> label.group(1)))
                        .contains("cairn_job", "cairn_instance")
                        .allMatch(label -> LABELS_OF_ALL.contains(label) || ofMetric.contains(label));
            } while (selector.find());
            assertThat(GROUPING.matcher(query)
                            .results()
                            .flatMap(by -> Arrays.stream(by.group(1).split(", "))))
                    .allMatch(labels::contains);
        });
    }

    @Test
    void shouldOfferJobsAndWorkers() throws IOException {
        // When
        Map<String, String> definitions = new HashMap<>();
        read().path("templating")
                .path("list")
                .forEach(variable -> definitions.put(
                        variable.path("name").asText(),
                        variable.path("definition").asText()));

        // Then
        assertThat(definitions).containsOnlyKeys("datasource", "job", "instance");
        assertThat(List.of(definitions.get("job"), definitions.get("instance"))).allSatisfy(definition -> {
            Matcher values = VALUES.matcher(definition);
            assertThat(values.matches()).isTrue();
            assertThat(LABELS_BY_NAME).containsKey(values.group(1));
            assertThat(LABELS_OF_ALL).contains(values.group(2));
        });
    }

    @Test
    void shouldGiveEachPanelAPlaceOfItsOwn() throws IOException {
        // When
        List<JsonNode> panels = read().path("panels").valueStream().toList();

        // Then
        assertThat(panels.stream().map(panel -> panel.path("id").asInt())).doesNotHaveDuplicates();
        Set<String> taken = new TreeSet<>();
        assertThat(panels).allSatisfy(panel -> {
            JsonNode place = panel.path("gridPos");
            for (int x = 0; x < place.path("w").asInt(); x++) {
                int column = place.path("x").asInt() + x;
                assertThat(column).isLessThan(24);
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    assertThat(taken.add(column + " " + (place.path("y").asInt() + y)))
                            .as("%s lies on another", panel.path("title").asText())
                            .isTrue();
                }
            }
        });
        assertThat(panels.stream()
                        .filter(panel -> !panel.path("type").asText().equals("row"))
                        .map(panel -> panel.path("description").asText())
                        .collect(Collectors.toSet()))
                .doesNotContain("");
    }

    private static JsonNode read() throws IOException {
        return JsonMapper.builder()
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .readTree(DASHBOARD.toFile());
    }
}
