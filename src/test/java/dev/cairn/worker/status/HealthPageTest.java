package dev.cairn.worker.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class HealthPageTest {

    private static final Path PAGE = Path.of("docs", "operate", "health.md");
    private static final Path GENERATED = Path.of("target", "findings-table.md");
    private static final Pattern MARKED =
            Pattern.compile("<!-- findings -->\\s*(.*?)\\s*<!-- /findings -->", Pattern.DOTALL);

    @Test
    void shouldShowEveryFindingInThePage() throws IOException {
        // Given
        String table = Stream.of(Finding.values())
                .map(HealthPageTest::row)
                .collect(Collectors.joining(
                        "\n", "| finding | state | fails | when |\n| --- | --- | --- | --- |\n", ""));
        Files.createDirectories(GENERATED.getParent());
        Files.writeString(GENERATED, table + "\n");

        // When
        Matcher marked = MARKED.matcher(Files.readString(PAGE));

        // Then
        assertThat(marked.find()).isTrue();
        assertThat(marked.group(1))
                .as("the table in %s; %s is as it has to be", PAGE, GENERATED)
                .isEqualTo(table);
    }

    private static String row(Finding finding) {
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        finding.name(),
                        finding.state().name().toLowerCase(Locale.ROOT),
                        switch (finding.probe()) {
                            case NONE -> "";
                            case READINESS -> "readiness";
                            case LIVENESS -> "liveness, readiness";
                        },
                        finding.meaning());
    }
}
