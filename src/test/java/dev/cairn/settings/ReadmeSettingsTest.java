package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

class ReadmeSettingsTest {

    private static final Path README = Path.of("README.md");
    private static final Path GENERATED = Path.of("target", "settings-table.md");
    private static final Pattern MARKED =
            Pattern.compile("<!-- settings -->\\s*(.*?)\\s*<!-- /?settings -->", Pattern.DOTALL);

    @Test
    void shouldShowEverySettingInTheReadme() throws IOException {
        // Given
        String table = SettingsTable.markdown();
        Files.createDirectories(GENERATED.getParent());
        Files.writeString(GENERATED, table + "\n");
        assumeThat(README).as("there is no README.md to compare with").exists();

        // When
        Matcher marked = MARKED.matcher(Files.readString(README));

        // Then
        assertThat(marked.find())
                .as("README.md has a table between <!-- settings --> and <!-- /settings -->")
                .isTrue();
        assertThat(marked.group(1))
                .as("the table in README.md; %s is as it has to be", GENERATED)
                .isEqualTo(table);
    }
}
