package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 0x1B, 0x7F, 0x85, 0x9B, 0x61C, 0x200E, 0x2028, 0x2029, 0x202A, 0x202E, 0x2066, 0x2069})
    void shouldEscapeWhatActsOnATerminal(int c) {
        String escaped = String.format(Locale.ROOT, "a\\u%04xb", c);
        assertThat(Printable.line("a" + (char) c + "b")).isEqualTo(escaped);
        assertThat(Printable.lines("a" + (char) c + "b")).isEqualTo(escaped);
        assertThat(Printable.value("a" + (char) c + "b")).isEqualTo(escaped);
    }

    @Test
    void shouldKeepBreaksWhereThereAreSeveralLines() {
        assertThat(Printable.lines("a\n\tb\r")).isEqualTo("a\n\tb\\u000d");
        assertThat(Printable.line("a\n\tb\r")).isEqualTo("a\\u000a\\u0009b\\u000d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "ключ", "鍵 – \"x\"", "\uD83D\uDE80 rocket", "\u05E9\u05DC\u05D5\u05DD"})
    void shouldLeaveEverythingElse(String text) {
        assertThat(Printable.line(text)).isSameAs(text);
        assertThat(Printable.value(text)).isEqualTo(text);
    }

    @Test
    void shouldCutLongValuesBetweenCharacters() {
        assertThat(Printable.value("\uD83D\uDE80".repeat(101))).isEqualTo("\uD83D\uDE80".repeat(100) + "...");
    }
}
