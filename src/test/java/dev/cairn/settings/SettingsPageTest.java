package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

class SettingsPageTest {

    private static final Path PAGE = Path.of("docs", "reference", "settings.md");
    private static final Path GENERATED = Path.of("target", "settings-table.md");
    private static final Pattern MARKED =
            Pattern.compile("<!-- settings -->\\s*(.*?)\\s*<!-- /settings -->", Pattern.DOTALL);

    @Test
    void shouldShowEverySettingInThePage() throws IOException {
        // Given
        String table = SettingsTable.markdown();
        Files.createDirectories(GENERATED.getParent());
        Files.writeString(GENERATED, table + "\n");

        // When
        Matcher marked = MARKED.matcher(Files.readString(PAGE));

        // Then
        assertThat(marked.find())
                .as("%s has a table between <!-- settings --> and <!-- /settings -->", PAGE)
                .isTrue();
        assertThat(marked.group(1))
                .as("the table in %s; %s is as it has to be", PAGE, GENERATED)
                .isEqualTo(table);
    }
}
