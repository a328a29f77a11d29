package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

class ChangeCodecTest {

    private final List<Change> changes = List.of(
            new Change(new byte[] {0, 1, 'k'}, new byte[] {1, 2, 3}),
            new Change(new byte[] {0, 1}, new byte[0]),
            new Change(new byte[] {0, 2, (byte) 0xFF}, null));

    @Test
    void shouldReadWhatItWrote() {
        // When
        byte[] encoded = ChangeCodec.encode(changes);

        // Then
        assertThat(ChangeCodec.decode(encoded)).usingRecursiveComparison().isEqualTo(changes);
        assertThat(changes.stream().mapToInt(ChangeCodec::encodedSize).sum()).isEqualTo(encoded.length);
    }

    @Test
    void shouldReadNothingAsNoChange() {
        assertThat(ChangeCodec.encode(List.of())).isEmpty();
        assertThat(ChangeCodec.decode(new byte[0])).isEmpty();
    }

    @Test
    void shouldRefuseToEndInTheMiddleOfAChange() {
        // Given
        byte[] encoded = ChangeCodec.encode(changes);
        int afterFirst = ChangeCodec.encodedSize(changes.get(0));
        int afterSecond = afterFirst + ChangeCodec.encodedSize(changes.get(1));

        // When, Then
        for (int length = 1; length < encoded.length; length++) {
            if (length != afterFirst && length != afterSecond) {
                byte[] truncated = Arrays.copyOf(encoded, length);
                assertThatThrownBy(() -> ChangeCodec.decode(truncated))
                        .as("truncated to %d bytes", length)
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void shouldRefuseImpossibleLengths() {
        assertThatThrownBy(() -> ChangeCodec.decode(new byte[] {(byte) 0xFF, 0, 0, 0, 1, 2, 3, 4}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChangeCodec.decode(new byte[] {0x7F, 0, 0, 0, 1, 2, 3, 4}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
