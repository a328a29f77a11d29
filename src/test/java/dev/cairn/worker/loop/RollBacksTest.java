package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cairn.worker.status.RollBackException;
import dev.cairn.worker.status.StopWorkerException;

@SuppressWarnings("StaticAssignmentOfThrowable") // No one looks at their traces.
class RollBacksTest {

    private static final TopicPartition INPUT = new TopicPartition("in", 0);
    private static final TopicPartition OTHER = new TopicPartition("in", 1);
    private static final RollBackException UNAVAILABLE =
            new RollBackException("cannot send", new TimeoutException("no answer"));
    private static final RollBackException RETRIABLE = new RollBackException("the checkpoint was not committed");

    private long nanos;
    private final RollBacks rollBacks = new RollBacks(0, RollBackException::getMessage, () -> nanos);

    @Test
    void shouldNotWaitForTheFirstRollBack() {
        rollBacks.happened(UNAVAILABLE, Map.of(INPUT, 10L));

        assertThat(rollBacks.inRow()).isEqualTo(1);
        assertThat(rollBacks.isPausing()).isFalse();
    }

    @Test
    void shouldWaitLongerEachTimeUpToALimit() {
        rollBacks.happened(UNAVAILABLE, Map.of(INPUT, 10L));
        rollBacks.happened(UNAVAILABLE, Map.of(INPUT, 10L));
        assertPausesFor(Duration.ofMillis(500));
        rollBacks.happened(UNAVAILABLE, Map.of(INPUT, 10L));
        assertPausesFor(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            rollBacks.happened(UNAVAILABLE, Map.of(INPUT, 10L));
        }
        assertPausesFor(Duration.ofSeconds(5));
        assertThat(rollBacks.inRow()).isEqualTo(103);
    }

    private void assertPausesFor(Duration pause) {
        nanos += pause.toNanos() - 1;
        assertThat(rollBacks.isPausing()).isTrue();
        nanos++;
        assertThat(rollBacks.isPausing()).isFalse();
    }

    @Test
    void shouldEndTheRowOnlyWhenEverythingIsCommittedThatWasReached() {
        // Given
        rollBacks.happened(RETRIABLE, Map.of(INPUT, 10L, OTHER, 5L));

        // When, Then
        rollBacks.committed(INPUT, 9);
        rollBacks.committed(OTHER, 100);
        assertThat(rollBacks.inRow()).isEqualTo(1);
        rollBacks.happened(RETRIABLE, Map.of(INPUT, 8L));
        rollBacks.committed(INPUT, 9);
        assertThat(rollBacks.inRow()).isEqualTo(2);
        rollBacks.committed(INPUT, 10);
        assertThat(rollBacks.inRow()).isZero();
        assertThat(rollBacks.isPausing()).isFalse();
    }

    @Test
    void shouldNotWaitForInputsThatAreGone() {
        rollBacks.happened(RETRIABLE, Map.of(INPUT, 10L));

        rollBacks.look(List.of(INPUT, OTHER));
        assertThat(rollBacks.inRow()).isEqualTo(1);
        rollBacks.look(List.of(OTHER));
        assertThat(rollBacks.inRow()).isZero();
    }

    @Test
    void shouldCountOnWhenInputsThatTheGroupTookAwayComeBack() {
        // Given
        rollBacks.lost(Map.of(INPUT, 10L));
        rollBacks.happened(RETRIABLE, Map.of());

        // When
        rollBacks.look(List.of());
        rollBacks.look(List.of(INPUT));
        rollBacks.lost(Map.of(INPUT, 10L));
        rollBacks.happened(RETRIABLE, Map.of());
        rollBacks.look(List.of());

        // Then
        assertThat(rollBacks.inRow()).isEqualTo(2);
        rollBacks.look(List.of(INPUT));
        rollBacks.committed(INPUT, 10);
        assertThat(rollBacks.inRow()).isZero();
    }

    @Test
    void shouldNotWaitLongForInputsThatTheGroupTookAwayForGood() {
        rollBacks.lost(Map.of(INPUT, 10L));
        rollBacks.happened(RETRIABLE, Map.of());
        assertThat(rollBacks.areOwing()).isFalse();

        nanos += Duration.ofSeconds(61).toNanos();
        rollBacks.look(List.of(OTHER));

        assertThat(rollBacks.inRow()).isZero();
    }

    @Test
    void shouldOweWhatWasReachedUntilItIsCommitted() {
        assertThat(rollBacks.areOwing()).isFalse();
        rollBacks.happened(RETRIABLE, Map.of(INPUT, 10L));
        assertThat(rollBacks.areOwing()).isTrue();

        rollBacks.committed(INPUT, 10);

        assertThat(rollBacks.areOwing()).isFalse();
    }

    @Test
    void shouldEndARowWithoutPositionsAfterAQuietMinute() {
        rollBacks.happened(RETRIABLE, Map.of());

        nanos += Duration.ofSeconds(59).toNanos();
        rollBacks.look(List.of(INPUT));
        assertThat(rollBacks.inRow()).isEqualTo(1);
        nanos += Duration.ofSeconds(2).toNanos();
        rollBacks.look(List.of(INPUT));
        assertThat(rollBacks.inRow()).isZero();
    }

    @Test
    @Tag("rule-C16")
    void shouldStopAtTheThirdFailureOfTheWorkerAndNameIt() {
        RollBackException denied = new RollBackException(
                "the group does not accept the offsets", GroupAuthorizationException.forGroupId("orders"));
        rollBacks.happened(denied, Map.of(INPUT, 10L));
        assertPausesFor(Duration.ofMillis(500));
        rollBacks.happened(denied, Map.of(INPUT, 10L));

        assertThatThrownBy(() -> rollBacks.happened(denied, Map.of(INPUT, 10L)))
                .isInstanceOf(StopWorkerException.class)
                .hasMessageContaining("3 times in a row")
                .hasMessageContaining("{in-0=10}")
                .hasMessageContaining("the group does not accept the offsets");
    }

    @Test
    @Tag("rule-C16")
    void shouldStopWhenRetriableFailuresExceedWhatIsTolerated() {
        RollBacks tolerant = new RollBacks(2, RollBackException::getMessage, () -> nanos);
        for (int i = 0; i < 7; i++) {
            tolerant.happened(RETRIABLE, Map.of(INPUT, 10L));
        }

        assertThatThrownBy(() -> tolerant.happened(RETRIABLE, Map.of(INPUT, 10L)))
                .isInstanceOf(StopWorkerException.class)
                .hasMessageContaining("the checkpoint was not committed");
    }

    @Test
    void shouldNotOverflowWhatIsTolerated() {
        RollBacks tolerant = new RollBacks(Integer.MAX_VALUE, RollBackException::getMessage, () -> nanos);
        for (int i = 0; i < 100; i++) {
            tolerant.happened(RETRIABLE, Map.of(INPUT, 10L));
        }

        assertThat(tolerant.inRow()).isEqualTo(100);
    }
}
