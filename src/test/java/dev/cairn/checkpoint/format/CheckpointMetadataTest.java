package dev.cairn.checkpoint.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cairn.state.Change;

class CheckpointMetadataTest {

    private static final Delta FIVE = Checkpoints.file("uid-5");
    private static final Delta SIX_TO_EIGHT = Checkpoints.file("uid-6", "uid-7", "uid-8");
    private static final Delta NINE_AND_TEN = Checkpoints.inline("uid-9", "uid-10");

    private final CheckpointMetadata checkpoint =
            Checkpoints.of(10, Checkpoints.base("uid-4"), List.of(FIVE, SIX_TO_EIGHT, NINE_AND_TEN));

    @Test
    void shouldLackAllDeltasAtTheBase() {
        assertThat(checkpoint.deltasAfter(Optional.of("uid-4"))).contains(checkpoint.deltas());
    }

    @Test
    @Tag("rule-R4")
    void shouldLackWhatComesAfterTheEndOfADelta() {
        assertThat(checkpoint.deltasAfter(Optional.of("uid-5"))).contains(List.of(SIX_TO_EIGHT, NINE_AND_TEN));
        assertThat(checkpoint.deltasAfter(Optional.of("uid-8"))).contains(List.of(NINE_AND_TEN));
    }

    @Test
    @Tag("rule-R4")
    void shouldLackTheWholeDeltaInWhoseMiddleADatabaseIs() {
        assertThat(checkpoint.deltasAfter(Optional.of("uid-6"))).contains(List.of(SIX_TO_EIGHT, NINE_AND_TEN));
        assertThat(checkpoint.deltasAfter(Optional.of("uid-9"))).contains(List.of(NINE_AND_TEN));
    }

    @Test
    void shouldLackNothingAtItself() {
        assertThat(checkpoint.deltasAfter(Optional.of("uid-10"))).contains(List.of());
    }

    @Test
    @Tag("rule-R4")
    void shouldNotDescendFromACheckpointThatItDoesNotKnow() {
        assertThat(checkpoint.deltasAfter(Optional.of("uid-3"))).isEmpty();
        assertThat(checkpoint.deltasAfter(Optional.of("uid-11"))).isEmpty();
    }

    @Test
    void shouldNeedItsBaseForAnEmptyDatabase() {
        // Given
        CheckpointMetadata withoutBase = Checkpoints.of(5, null, List.of(FIVE));

        // When, Then
        assertThat(checkpoint.deltasAfter(Optional.empty())).isEmpty();
        assertThat(withoutBase.deltasAfter(Optional.empty())).contains(List.of(FIVE));
    }

    @Test
    void shouldCarryOnOnlyWhatANewerBaseDoesNotHold() {
        assertThat(checkpoint.deltasOn(Checkpoints.base("uid-8"))).containsExactly(NINE_AND_TEN);
        assertThat(checkpoint.deltasOn(Checkpoints.base("uid-10"))).isEmpty();
        // In the middle of a delta: all of it is ingested once more, which changes nothing.
        assertThat(checkpoint.deltasOn(Checkpoints.base("uid-7"))).containsExactly(SIX_TO_EIGHT, NINE_AND_TEN);
    }

    @Test
    void shouldNameTheObjectsThatItIsMadeOf() {
        assertThat(checkpoint.objects())
                .extracting(ObjectRef::path)
                .containsExactly("shared/base-1.json", "shared/delta-uid-5.sst", "shared/delta-uid-6.sst");
        assertThat(checkpoint.inlineTail()).contains(NINE_AND_TEN);
        assertThat(Checkpoints.of(5, null, List.of(FIVE)).inlineTail()).isEmpty();
    }

    @Test
    void shouldAddUpItsSize() {
        assertThat(checkpoint.deltaBytes()).isEqualTo(NINE_AND_TEN.bytes());
        assertThat(checkpoint.fullBytes()).isEqualTo(5_000 + 2 * 1_000 + NINE_AND_TEN.bytes());
    }

    @Test
    void shouldKeepOnlyTheNewestIdsOfALongLine() {
        // Given
        List<String> line = IntStream.range(0, 200).mapToObj(i -> "uid-" + i).toList();

        // When
        Delta delta = Delta.ofInline(line, List.of());

        // Then
        assertThat(delta.checkpoints()).hasSize(64).endsWith("uid-199");
        assertThat(delta.last()).isEqualTo("uid-199");
    }

    @Test
    void shouldMergeLaterChangesOverEarlierOnes() {
        // When
        List<Change> merged = Delta.merge(
                List.of(Checkpoints.change("a", "1"), Checkpoints.change("b", "1"), Checkpoints.change("c", null)),
                List.of(Checkpoints.change("b", null), Checkpoints.change("c", "2")));

        // Then
        assertThat(merged)
                .extracting(change -> new String(change.key(), UTF_8) + "="
                        + (change.value() == null ? "" : new String(change.value(), UTF_8)))
                .containsExactly("a=1", "b=", "c=2");
    }

    @Test
    void shouldRefuseToBeWithoutADelta() {
        assertThatThrownBy(() -> new CheckpointMetadata(
                        1,
                        "orders",
                        3,
                        1,
                        "uid-1",
                        null,
                        checkpoint.createdAt(),
                        checkpoint.writtenBy(),
                        List.of(),
                        List.of(),
                        null,
                        List.of(),
                        null,
                        List.of(),
                        null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
