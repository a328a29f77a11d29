package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "4096b, 4096",
        "12 bytes, 12",
        "20kb, 20480",
        "20 K, 20480",
        "1m, 1048576",
        "1 MB, 1048576",
        "3mebibytes, 3145728",
        "2g, 2147483648",
        "1tb, 1099511627776"
    })
    void shouldReadUnitsAsPowersOf1024(String text, long bytes) {
        // When
        MemorySize size = MemorySize.parse(text);

        // Then
        assertThat(size.bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "kb", "-1", "1.5mb", "1 pb", "20 kb kb", "9223372036854775807kb", "99999999999999999999"})
    void shouldRefuseWhatIsNoSize(String text) {
        // Then
        assertThatIllegalArgumentException().isThrownBy(() -> MemorySize.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0b", "1000, 1000b", "20480, 20kb", "1048576, 1mb", "1125899906842624, 1024tb"})
    void shouldWriteTheLargestWholeUnit(long bytes, String expected) {
        // Given
        var size = new MemorySize(bytes);

        // Then
        assertThat(size).hasToString(expected);
        assertThat(MemorySize.parse(size.toString())).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1536, 1.5 KiB",
        "20971520, 20.0 MiB",
        "3221225472, 3.0 GiB",
        "9223372036854775807, 8388608.0 TiB"
    })
    void shouldShowSizesInOneSystemOfUnits(long bytes, String text) {
        assertThat(MemorySize.approximately(bytes)).isEqualTo(text);
    }
}
