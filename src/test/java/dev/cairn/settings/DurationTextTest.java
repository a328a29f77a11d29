package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "10s, PT10S",
        "10 s, PT10S",
        "5min, PT5M",
        "5 m, PT5M",
        "1 h, PT1H",
        "2days, PT48H",
        "500ms, PT0.5S",
        "500, PT0.5S",
        "0, PT0S",
        "250 micros, PT0.00025S",
        "250 \u00b5s, PT0.00025S",
        "7NS, PT0.000000007S",
        "PT10S, PT10S",
        "pt1m, PT1M",
        "P1D, PT24H"
    })
    void shouldReadFlinksSpellingsAndIsos(String text, Duration expected) {
        // When
        Duration duration = DurationText.parse(text);

        // Then
        assertThat(duration).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "10 x",
                "-1s",
                "PT-1S",
                "1.5s",
                "10s 5ms",
                "ten seconds",
                "99999999999999999999",
                "9223372036854775807d",
                "9223372036854775807s"
            })
    void shouldRefuseWhatIsNoDuration(String text) {
        // Then
        assertThatIllegalArgumentException().isThrownBy(() -> DurationText.parse(text));
    }
}
