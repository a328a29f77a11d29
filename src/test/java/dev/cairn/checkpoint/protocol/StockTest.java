package dev.cairn.checkpoint.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Checkpoints;
import dev.cairn.checkpoint.protocol.FoundCheckpoint.CommitProof;
import dev.cairn.checkpoint.protocol.FoundCheckpoint.Damaged;
import dev.cairn.checkpoint.protocol.FoundCheckpoint.Legible;

class StockTest {

    private static final CheckpointMetadata TWO = Checkpoints.of(2, null);
    private static final CheckpointMetadata THREE = Checkpoints.of(3, TWO.id());
    private static final CheckpointMetadata FOUR = Checkpoints.of(4, THREE.id());
    private static final CheckpointMetadata FIVE = Checkpoints.of(5, FOUR.id());

    @Test
    @Tag("rule-K1")
    void shouldTakeWhatCameAfterTheNamedOneForGarbage() {
        Stock stock = Stock.of(found(FIVE, FOUR, THREE), Optional.of(FOUR), Optional.of(FOUR.id()));

        assertThat(stock.committed()).containsExactly(FOUR, THREE);
        assertThat(stock.garbage()).containsExactly(FIVE);
        assertThat(stock.toMark()).isEmpty();
    }

    @Test
    @Tag("rule-K1")
    void shouldKeepWhatWasCommittedAfterTheOneThatAPersonReturnedTo() {
        Stock stock = Stock.of(found(FIVE, FOUR, THREE, TWO), Optional.of(TWO), Optional.of(FOUR.id()));

        assertThat(stock.committed()).containsExactly(FOUR, THREE, TWO);
        assertThat(stock.garbage()).containsExactly(FIVE);
        // Nothing names it as its parent but what was never committed.
        assertThat(stock.toMark()).containsExactly(4L);
    }

    @Test
    void shouldTakeASideLineThatEndedBeforeTheNamedOneForGarbage() {
        CheckpointMetadata side = Checkpoints.of(3, TWO.id());
        CheckpointMetadata named = Checkpoints.of(4, TWO.id());

        Stock stock = Stock.of(found(named, side, TWO), Optional.of(named), Optional.of(named.id()));

        assertThat(stock.committed()).containsExactly(named, TWO);
        assertThat(stock.garbage()).containsExactly(side);
    }

    @Test
    @Tag("rule-K1")
    void shouldKeepWhatIsMarkedOnAnyLine() {
        CheckpointMetadata named = Checkpoints.of(5, TWO.id());

        Stock stock = Stock.of(
                List.of(
                        new Legible(named, CommitProof.NONE),
                        new Legible(FOUR, CommitProof.MARKED),
                        new Legible(TWO, CommitProof.NONE)),
                Optional.of(named),
                Optional.of(named.id()));

        assertThat(stock.committed()).containsExactly(named, FOUR, TWO);
    }

    @Test
    @Tag("rule-K1")
    void shouldKeepWhatMayBeCommittedWhereTheGroupNamesNone() {
        Stock stock = Stock.of(found(FOUR, THREE, TWO), Optional.of(THREE), Optional.empty());

        assertThat(stock.committed()).containsExactly(FOUR, THREE, TWO);
        assertThat(stock.garbage()).isEmpty();
    }

    @Test
    void shouldKeepWhatMayBeCommittedWhereTheNamedOneIsGone() {
        Stock stock = Stock.of(found(FOUR, THREE), Optional.of(THREE), Optional.of(FIVE.id()));

        assertThat(stock.committed()).containsExactly(FOUR, THREE);
    }

    @Test
    void shouldTakeAllForGarbageWhereAPartitionStartsEmpty() {
        Stock stock = Stock.of(found(TWO), Optional.empty(), Optional.empty());

        assertThat(stock.committed()).isEmpty();
        assertThat(stock.garbage()).containsExactly(TWO);
    }

    @Test
    void shouldKeepWhatCannotBeRead() {
        Stock stock = Stock.of(
                List.of(new Damaged(5, CommitProof.NONE, "no JSON"), new Legible(FOUR, CommitProof.NONE)),
                Optional.of(FOUR),
                Optional.of(FOUR.id()));

        assertThat(stock.unreadable()).containsExactly(5L);
        assertThat(stock.garbage()).isEmpty();
    }

    private static List<FoundCheckpoint> found(CheckpointMetadata... newestFirst) {
        return java.util.Arrays.stream(newestFirst)
                .<FoundCheckpoint>map(checkpoint -> new Legible(checkpoint, CommitProof.NONE))
                .toList();
    }
}
