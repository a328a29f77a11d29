package dev.cairn.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class MetricsPageTest {

    private static final Path PAGE = Path.of("docs", "reference", "metrics.md");
    private static final Path GENERATED = Path.of("target", "metrics-table.md");
    private static final Pattern MARKED =
            Pattern.compile("<!-- metrics -->\\s*(.*?)\\s*<!-- /metrics -->", Pattern.DOTALL);

    @Test
    void shouldShowEveryMetricInThePage() throws IOException {
        // Given
        String table = MetricsTable.markdown();
        Files.createDirectories(GENERATED.getParent());
        Files.writeString(GENERATED, table + "\n");

        // When
        Matcher marked = MARKED.matcher(Files.readString(PAGE));

        // Then
        assertThat(marked.find())
                .as("%s has a table between <!-- metrics --> and <!-- /metrics -->", PAGE)
                .isTrue();
        assertThat(marked.group(1))
                .as("the table in %s; %s is as it has to be", PAGE, GENERATED)
                .isEqualTo(table);
    }

    @Test
    void shouldGiveEachNameToOneMetric() {
        assertThat(Stream.of(Metric.values()).map(MetricsTable::name)).doesNotHaveDuplicates();
    }
}
