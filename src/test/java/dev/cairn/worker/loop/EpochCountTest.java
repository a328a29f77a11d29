package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EpochCountTest {

    private final EpochCount count = new EpochCount();

    @Test
    void shouldCountOnceACheckpointHoldsIt() {
        count.add();
        count.add();
        assertThat(count.committed()).isZero();
        count.freeze();
        count.add();
        assertThat(count.committed()).isZero();

        count.end(true);

        assertThat(count.committed()).isEqualTo(2);
    }

    @Test
    @Tag("rule-C7")
    void shouldNotCountWhatIsProcessedAgain() {
        // Given
        count.add();
        count.freeze();
        count.add();

        // When
        count.rollBack();
        count.end(false);
        count.add();
        count.add();
        count.freeze();
        count.end(true);

        // Then
        assertThat(count.committed()).isEqualTo(2);
    }

    @Test
    void shouldCountACheckpointThatTurnsOutToBeCommittedDuringARollBack() {
        count.add();
        count.freeze();
        count.add();

        count.rollBack();
        count.end(true);

        assertThat(count.committed()).isEqualTo(1);
    }
}
