package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

    @Test
    void shouldShowShareStepsTimeAndSpeed() {
        assertThat(ProgressLine.text("partition 3", 50, 200, Duration.ofSeconds(10)))
                .isEqualTo("partition 3  25% [=======>                      ] 50/200 (0:00:10 / 0:00:30) 5.0/s");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 200, 0, 'x   0% [>                             ] 0/200 (0:00:00 / ?) 0.0/s'",
        "200, 200, 3700, 'x 100% [==============================] 200/200 (1:01:40 / 0:00:00) 0.1/s'",
        "201, 200, 1, 'x 100% [==============================] 201/200 (0:00:01 / 0:00:00) 201.0/s'",
        "-5, 200, 1, 'x   0% [>                             ] -5/200 (0:00:01 / ?) -5.0/s'",
        "7, 0, 2, 'x 7 (0:00:02) 3.5/s'",
    })
    void shouldShowWhatIsKnown(long done, long steps, long seconds, String expected) {
        assertThat(ProgressLine.text("x", done, steps, Duration.ofSeconds(seconds)))
                .isEqualTo(expected);
    }

    @Test
    void shouldDrawOnOneLineAndLeaveNothing() {
        // When
        try (ProgressLine line =
                ProgressLine.start("base", 10, new PrintStream(terminal, true, StandardCharsets.UTF_8))) {
            line.advance(4);
            await().atMost(Duration.ofSeconds(10)).until(() -> drawn().contains(" 40% ["));
            line.advance(2);
            await().atMost(Duration.ofSeconds(10)).until(() -> drawn().contains(" 60% ["));
        }

        // Then
        assertThat(drawn())
                .startsWith("\r\033[?7lbase")
                .endsWith("\033[K\033[?7h\r\033[K")
                .doesNotContain("\n");
    }

    private String drawn() {
        return terminal.toString(StandardCharsets.UTF_8);
    }
}
