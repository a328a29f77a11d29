package dev.cairn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.cairn.state.Change;
import dev.cairn.state.StateDescriptor;

class MetadataCodecTest {

    @Test
    void shouldReadWhatItWrote() {
        // Given
        Delta inline = Delta.ofInline(List.of("uid-2"), List.of(new Change(new byte[] {0, 1, 7}, new byte[] {42})));
        Delta file = Delta.ofFile(List.of("uid-1"), new ObjectRef("shared/delta-uid-1.sst", 12, "0000002a"));
        CheckpointMetadata metadata = new CheckpointMetadata(
                CheckpointMetadata.FORMAT_VERSION,
                "job",
                3,
                2,
                "uid-2",
                new CheckpointId(1, "uid-1"),
                Instant.parse("2026-11-21T03:00:00Z"),
                new CheckpointMetadata.Writer("worker-1", "test", List.of("a", "b")),
                List.of(new InputPosition("input", 17, 4)),
                List.of(new StateDescriptor("aggregate", "value", "json", 1)),
                new Base("uid-0", 0, new ObjectRef("shared/base-1.json", 5, "0000002b"), 99),
                List.of(file, inline),
                new CheckpointMetadata.Durations(1, 2, 3));

        // When
        CheckpointMetadata read = MetadataCodec.decode("_metadata", MetadataCodec.encode(metadata));

        // Then
        assertThat(read).isEqualTo(metadata);
        assertThat(read.lastDelta().inlineChanges()).singleElement().satisfies(change -> {
            assertThat(change.key()).containsExactly(0, 1, 7);
            assertThat(change.value()).containsExactly(42);
        });
    }
}
