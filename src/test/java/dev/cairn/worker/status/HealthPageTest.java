package dev.cairn.worker.status;

import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.cairn.testkit.MarkdownPage;

class HealthPageTest {

    private static final Path PAGE = Path.of("docs", "operate", "health.md");

    @Test
    void shouldShowEveryFindingInThePage() {
        // Given
        String table = Stream.of(Finding.values())
                .map(HealthPageTest::row)
                .collect(Collectors.joining(
                        "\n", "| finding | state | fails | when |\n| --- | --- | --- | --- |\n", ""));

        // When, Then
        MarkdownPage.read(PAGE).assertTable("findings", table);
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
