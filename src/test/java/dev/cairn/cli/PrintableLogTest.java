package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

class PrintableLogTest {

    private static final String HOSTILE = "k\u001b[2J\n12:00:00.000 INFO  all is well\u202e";
    private static final String SHOWN = "k\\u001b[2J\\u000a12:00:00.000 INFO  all is well\\u202e";

    private final PatternFormatter formatter = new PatternFormatter("%s%e%n");

    @Test
    void shouldShowWhatOthersWroteInOneLine() {
        // Given
        ExtLogRecord logged = new ExtLogRecord(Level.INFO, "a key: %s", FormatStyle.PRINTF, "test");
        logged.setParameters(new Object[] {HOSTILE});

        // When, Then
        assertThat(new PrintableLog().isLoggable(logged)).isTrue();
        assertThat(formatter.format(logged)).isEqualTo("a key: " + SHOWN + System.lineSeparator());
    }

    @Test
    void shouldShowFailuresOfOthersTheSameWay() {
        // Given
        ExtLogRecord logged = new ExtLogRecord(Level.ERROR, "failed", FormatStyle.PRINTF, "test");
        Throwable cause = new IllegalStateException(HOSTILE);
        Throwable failure = new IllegalArgumentException("outer", cause);
        failure.addSuppressed(new RuntimeException(HOSTILE, failure));
        logged.setThrown(failure);

        // When
        new PrintableLog().isLoggable(logged);

        // Then
        assertThat(formatter.format(logged))
                .contains("java.lang.IllegalStateException: " + SHOWN, "java.lang.IllegalArgumentException: outer")
                .contains("at dev.cairn.cli.PrintableLogTest")
                .doesNotContain("\u001b", "\u202e", "\n12:00");
    }

    @Test
    void shouldLeaveEverythingElse() {
        // Given
        ExtLogRecord logged = new ExtLogRecord(Level.ERROR, "100 % of {0}", FormatStyle.NO_FORMAT, "test");
        Throwable failure = new IllegalStateException("ключ");
        logged.setThrown(failure);

        // When
        new PrintableLog().isLoggable(logged);

        // Then
        assertThat(formatter.formatMessage(logged)).isEqualTo("100 % of {0}");
        assertThat(logged.getThrown()).isSameAs(failure);
    }
}
