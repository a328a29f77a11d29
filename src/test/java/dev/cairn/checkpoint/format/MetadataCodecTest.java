package dev.cairn.checkpoint.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cairn.state.StateDescriptor;

class MetadataCodecTest {

    private static final String PATH = "file:/checkpoints/orders/partition-3/chk-7/_metadata";

    private final CheckpointMetadata metadata = Checkpoints.of(
            7, Checkpoints.base("uid-4"), List.of(Checkpoints.file("uid-5"), Checkpoints.inline("uid-6", "uid-7")));

    @Test
    void shouldReadWhatItWrote() {
        assertThat(MetadataCodec.decode(PATH, MetadataCodec.encode(metadata))).isEqualTo(metadata);
    }

    @Test
    void shouldKeepWhichVersionsAStateHas() throws IOException {
        // Given
        StateDescriptor state = new StateDescriptor(
                "payments",
                "map",
                "json(k)",
                "ttl(event-time, versioned(payment))",
                Map.of(2, "json(b)", 1, "json(a)"),
                7);
        JsonMapper mapper = new JsonMapper();

        // When
        String json = mapper.writeValueAsString(state);

        // Then
        assertThat(json)
                .contains("\"versions\":{\"1\":\"json(a)\",\"2\":\"json(b)\"}")
                .doesNotContain("expires");
        assertThat(mapper.readValue(json, StateDescriptor.class)).isEqualTo(state);
        assertThat(mapper.writeValueAsString(new StateDescriptor("s", "value", "x", 1)))
                .isEqualTo("{\"name\":\"s\",\"kind\":\"value\",\"serializer\":\"x\",\"id\":1}");
    }

    @Test
    void shouldReadFirstCheckpointOfAnEmptyDatabase() {
        // Given
        CheckpointMetadata first = Checkpoints.of(1, null, List.of(Checkpoints.inline("uid-1")));

        // When
        CheckpointMetadata read = MetadataCodec.decode(PATH, MetadataCodec.encode(first));

        // Then
        assertThat(read).isEqualTo(first);
        assertThat(read.lastDelta().inlineChanges())
                .extracting(change -> new String(change.key(), UTF_8))
                .containsExactly("a", "b");
    }

    @Test
    void shouldRefuseEveryTruncation() {
        // Given
        byte[] encoded = MetadataCodec.encode(metadata);

        // When, Then
        for (int length = 0; length < encoded.length; length++) {
            byte[] truncated = Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> MetadataCodec.decode(PATH, truncated))
                    .as("truncated to %d bytes", length)
                    .isInstanceOf(DamagedCheckpointException.class)
                    .hasMessageContaining(PATH);
        }
    }

    @Test
    void shouldRefuseAFlippedBitAnywhere() {
        // Given
        byte[] encoded = MetadataCodec.encode(metadata);

        // When, Then
        for (int i = 0; i < encoded.length; i++) {
            byte[] flipped = encoded.clone();
            flipped[i] ^= (byte) (1 << i % 8);
            assertThatThrownBy(() -> MetadataCodec.decode(PATH, flipped))
                    .as("byte %d flipped", i)
                    .isInstanceOf(DamagedCheckpointException.class)
                    .hasMessageContaining(PATH);
        }
    }

    @Test
    @Tag("rule-R13")
    void shouldRefuseWhatALaterVersionWrote() {
        // Given
        CheckpointMetadata later = new CheckpointMetadata(
                2,
                metadata.job(),
                metadata.partition(),
                metadata.number(),
                metadata.uid(),
                metadata.parent(),
                metadata.createdAt(),
                metadata.writtenBy(),
                metadata.positions(),
                metadata.states(),
                metadata.eventTime(),
                List.of(),
                metadata.base(),
                metadata.deltas(),
                metadata.durations());

        // When, Then
        assertThatThrownBy(() -> MetadataCodec.decode(PATH, MetadataCodec.encode(later)))
                .isInstanceOf(DamagedCheckpointException.class)
                .hasMessageContaining("format version 2");
    }

    @Test
    @Tag("rule-R9")
    void shouldReadWhatAnEarlierVersionWroteWithoutIds() {
        // Given
        CheckpointMetadata earlier = Checkpoints.onCluster(null, metadata);

        // When
        byte[] encoded = MetadataCodec.encode(earlier);

        // Then: nothing else is in it than was before
        assertThat(new String(encoded, UTF_8)).doesNotContain("clusterId", "topicId");
        assertThat(MetadataCodec.decode(PATH, encoded)).isEqualTo(earlier);
        assertThat(earlier.clusterId()).isEmpty();
        assertThat(earlier.namesTopicIds()).isFalse();
        assertThat(earlier.isOfAnotherCluster("cluster-1")).isFalse();
    }

    @Test
    void shouldReadBaseDescriptionItWrote() {
        // Given
        BaseDescription description = new BaseDescription(
                BaseDescription.FORMAT_VERSION,
                "uid-4",
                List.of(new BaseDescription.File("000016.sst", new ObjectRef("shared/x.sst", 7, "00000000"))),
                Map.of("CURRENT", "TUFOSUZFU1Q="));

        // When, Then
        assertThat(MetadataCodec.decodeBase(PATH, MetadataCodec.encode(description)))
                .isEqualTo(description);
    }
}
