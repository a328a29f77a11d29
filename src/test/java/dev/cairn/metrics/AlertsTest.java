package dev.cairn.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.RelabelConfig;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.micrometer.core.instrument.Meter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.kubernetes.Overlay;

/** Alerts ask for meters that there are, by labels that these have. */
class AlertsTest {

    private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");
    private static final Pattern RANGE = Pattern.compile("\\[[0-9]+[smhd]]|offset [0-9]+[smhd]");
    private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:]+\\b(?! *\\()");
    private static final Pattern SHOWN_LABEL = Pattern.compile("\\$labels\\.([a-z_]+)");

    private static final Set<String> OPERATORS = Set.of("and", "or", "unless");
    /** Prometheus' own, for every target. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up");

    private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("job", "namespace", "pod");
    private static final Set<String> LABELS_OF_ALL = Set.of("cairn_job", "cairn_instance");

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldAskForMetersThatThereAre(Overlay overlay) {
        // Given
        Set<String> known =
                Stream.of(Metric.values()).flatMap(AlertsTest::series).collect(Collectors.toSet());
        known.addAll(OF_PROMETHEUS);

        // Then
        assertThat(rules(overlay))
                .hasSizeGreaterThanOrEqualTo(8)
                .allSatisfy(rule ->
                        assertThat(names(rule)).as(rule.getAlert()).isNotEmpty().isSubsetOf(known));
    }

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldAskByLabelsThatTheyHave(Overlay overlay) {
        // Given
        Set<String> known = Stream.of(Metric.values())
                .flatMap(metric -> metric.tags().stream())
                .collect(Collectors.toCollection(HashSet::new));
        known.addAll(LABELS_OF_ALL);
        known.addAll(LABELS_OF_PROMETHEUS);

        // Then
        assertThat(rules(overlay)).allSatisfy(rule -> {
            assertThat(labels(rule)).as(rule.getAlert()).isSubsetOf(known);
            assertThat(find(SHOWN_LABEL, rule.getAnnotations().toString()))
                    .as(rule.getAlert())
                    .isNotEmpty()
                    .isSubsetOf(known);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldSayHowBadItIsAndWhatItMeans(Overlay overlay) {
        assertThat(rules(overlay)).extracting(Rule::getAlert).doesNotHaveDuplicates();
        assertThat(rules(overlay)).allSatisfy(rule -> {
            assertThat(rule.getLabels().get("severity")).as(rule.getAlert()).isIn("critical", "warning");
            assertThat(rule.getAnnotations()).as(rule.getAlert()).containsOnlyKeys("summary", "description");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldDropOnlySeriesThatThereAre(Overlay overlay) {
        // When
        List<RelabelConfig> dropped = overlay.rendered()
                .only(ServiceMonitor.class)
                .getSpec()
                .getEndpoints()
                .get(0)
                .getMetricRelabelings();

        // Then
        assertThat(dropped).extracting(RelabelConfig::getRegex).containsExactly(MetricsTable.name(Metric.LAST_NUMBER));
    }

    private static List<Rule> rules(Overlay overlay) {
        return overlay.rendered().only(PrometheusRule.class).getSpec().getGroups().stream()
                .flatMap(group -> group.getRules().stream())
                .toList();
    }

    private static Stream<String> series(Metric metric) {
        String name = MetricsTable.name(metric);
        boolean measured = metric.type() == Meter.Type.TIMER || metric.type() == Meter.Type.DISTRIBUTION_SUMMARY;
        return measured ? Stream.of("_count", "_sum", "_max", "_bucket").map(suffix -> name + suffix) : Stream.of(name);
    }

    /** What is left when everything is taken away that names no series. */
    private static Set<String> names(Rule rule) {
        String expression = rule.getExpr().getStrVal();
        for (Pattern other : List.of(TEXT, RANGE, SELECTOR, GROUPING)) {
            expression = other.matcher(expression).replaceAll("");
        }
        Set<String> names =
                NAME.matcher(expression).results().map(MatchResult::group).collect(Collectors.toSet());
        names.removeAll(OPERATORS);
        return names;
    }

    private static Set<String> labels(Rule rule) {
        String expression = TEXT.matcher(rule.getExpr().getStrVal()).replaceAll("");
        return Stream.of(SELECTOR, GROUPING)
                .flatMap(pattern -> find(pattern, expression).stream())
                .flatMap(list -> Stream.of(list.split(",")))
                .map(label -> label.replaceAll("[=!~ ]", ""))
                .collect(Collectors.toSet());
    }

    private static Set<String> find(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }
}
