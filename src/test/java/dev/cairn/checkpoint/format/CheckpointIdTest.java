package dev.cairn.checkpoint.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointIdTest {

    @Test
    void shouldFindItselfInThePointer() {
        // Given
        CheckpointId id = new CheckpointId(42, UUID.randomUUID().toString());

        // When
        String pointer = id.toPointer();

        // Then
        assertThat(CheckpointId.fromPointer(pointer)).contains(id);
        assertThat(pointer).startsWith("cairn/1:42:").hasSizeLessThan(100);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "cairn/2:42:uid",
                "cairn/1:42",
                "cairn/1:42:",
                "cairn/1::uid",
                "cairn/1:-1:uid",
                "cairn/1:1234567890123456789:uid",
                "cairn/1:42:../uid",
                " cairn/1:42:uid",
                "cairn/1:42:uid\n",
                "someone else's metadata"
            })
    void shouldFindNothingInOtherMetadata(String metadata) {
        assertThat(CheckpointId.fromPointer(metadata)).isEmpty();
    }
}
