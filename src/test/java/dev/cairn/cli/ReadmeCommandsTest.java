package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

class ReadmeCommandsTest {

    private static final Pattern MARKED =
            Pattern.compile("<!-- commands -->\\s*(.*?)\\s*<!-- /commands -->", Pattern.DOTALL);

    @Test
    void shouldShowEveryCommandInTheReadme() throws IOException {
        // Given
        String readme = Files.readString(Path.of("README.md"));

        // When
        Matcher marked = MARKED.matcher(readme);

        // Then
        assertThat(marked.find()).as("README.md has a marked table of commands").isTrue();
        assertThat(marked.group(1)).isEqualTo(CommandsTable.markdown());
    }
}
