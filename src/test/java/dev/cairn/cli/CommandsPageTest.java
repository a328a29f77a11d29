package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

class CommandsPageTest {

    private static final Path PAGE = Path.of("docs", "reference", "cli.md");
    private static final Path GENERATED = Path.of("target", "commands-table.md");
    private static final Pattern MARKED =
            Pattern.compile("<!-- commands -->\\s*(.*?)\\s*<!-- /commands -->", Pattern.DOTALL);

    @Test
    void shouldShowEveryCommandInThePage() throws IOException {
        // Given
        String table = CommandsTable.markdown();
        Files.createDirectories(GENERATED.getParent());
        Files.writeString(GENERATED, table + "\n");

        // When
        Matcher marked = MARKED.matcher(Files.readString(PAGE));

        // Then
        assertThat(marked.find()).as("%s has a table between <!-- commands --> and <!-- /commands -->", PAGE).isTrue();
        assertThat(marked.group(1))
                .as("the table in %s; %s is as it has to be", PAGE, GENERATED)
                .isEqualTo(table);
    }
}
