package dev.cairn.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.cairn.testkit.MarkdownPage;

class MetricsPageTest {

    private static final Path PAGE = Path.of("docs", "reference", "metrics.md");

    private static final Pattern NAMED = Pattern.compile("(?<![\\w.-])cairn_[a-z0-9_]+(?![\\w*])");

    /** Of one meter that measures time or sizes, Prometheus shows several. */
    private static final Pattern PARTS = Pattern.compile("_(count|sum|max|bucket)$");

    private static final Set<String> LABELS = Set.of("cairn_job", "cairn_instance");

    @Test
    void shouldShowEveryMetricInThePage() {
        MarkdownPage.read(PAGE).assertTable("metrics", MetricsTable.markdown());
    }

    @Test
    void shouldGiveEachNameToOneMetric() {
        assertThat(Stream.of(Metric.values()).map(MetricsTable::name)).doesNotHaveDuplicates();
    }

    @Test
    void shouldNameOnlyMetricsThatExist() {
        // Given
        Set<String> names = Stream.of(Metric.values()).map(MetricsTable::name).collect(Collectors.toSet());

        // When
        Stream<String> unknown = MarkdownPage.all().stream()
                .flatMap(page -> Stream.concat(page.codeSpans().stream(), page.codeLines().stream())
                        .flatMap(code -> NAMED.matcher(code).results().map(MatchResult::group))
                        .filter(name -> !names.contains(name)
                                && !names.contains(PARTS.matcher(name).replaceFirst(""))
                                && !LABELS.contains(name))
                        .map(name -> page + ": " + name));

        // Then
        assertThat(unknown).isEmpty();
    }
}
