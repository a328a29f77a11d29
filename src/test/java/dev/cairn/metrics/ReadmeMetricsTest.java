package dev.cairn.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class ReadmeMetricsTest {

    private static final Path README = Path.of("README.md");
    private static final Path GENERATED = Path.of("target", "metrics-table.md");
    private static final Pattern MARKED =
            Pattern.compile("<!-- metrics -->\\s*(.*?)\\s*<!-- /?metrics -->", Pattern.DOTALL);

    @Test
    void shouldShowEveryMetricInTheReadme() throws IOException {
        // Given
        String table = MetricsTable.markdown();
        Files.createDirectories(GENERATED.getParent());
        Files.writeString(GENERATED, table + "\n");
        assumeThat(README).as("there is no README.md to compare with").exists();

        // When
        Matcher marked = MARKED.matcher(Files.readString(README));

        // Then
        assertThat(marked.find())
                .as("README.md has a table between <!-- metrics --> and <!-- /metrics -->")
                .isTrue();
        assertThat(marked.group(1))
                .as("the table in README.md; %s is as it has to be", GENERATED)
                .isEqualTo(table);
    }

    @Test
    void shouldGiveEachNameToOneMetric() {
        assertThat(Stream.of(Metric.values()).map(MetricsTable::name)).doesNotHaveDuplicates();
    }
}
