package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What commands print of what others wrote. */
class PrintedTextTest {

    private static final String HOSTILE = "topic\u001b[2J\u009b31m\nerror: all is well\u202e";
    private static final String SHOWN = "topic\\u001b[2J\\u009b31m\\u000aerror: all is well\\u202e";

    @Test
    void shouldEscapeCellsOfTables() {
        assertThat(new Table("NAME", "NUMBER").row(HOSTILE, 1).toString())
                .isEqualTo("NAME" + " ".repeat(SHOWN.length() - 2) + "NUMBER\n" + SHOWN + "  1");
    }

    @Test
    void shouldEscapeJsonAndKeepWhatItMeans() throws Exception {
        // When
        String json = printed("json");

        // Then
        assertThat(json).doesNotContain("\u001b", "\u009b", "\u202e");
        assertThat(new ObjectMapper().readTree(json).path("name").asText()).isEqualTo(HOSTILE);
    }

    @Test
    void shouldEscapeText() {
        assertThat(printed("text")).startsWith("topic\\u001b[2J\\u009b31m\n").endsWith("all is well\\u202e\n");
    }

    @Test
    void shouldSayErrorsInOneLine() {
        // Given
        StringWriter error = new StringWriter();

        // When
        CommandLines.say(CommandLines.create().setErr(new PrintWriter(error)), HOSTILE);

        // Then
        assertThat(error.toString()).isEqualTo("error: " + SHOWN + System.lineSeparator());
    }

    private static String printed(String format) {
        StringWriter printed = new StringWriter();
        OutputOption option = new OutputOption();
        new CommandLine(option).setCaseInsensitiveEnumValuesAllowed(true).parseArgs("--output", format);
        option.print(new PrintWriter(printed), Map.of("name", HOSTILE), HOSTILE);
        return printed.toString();
    }
}
