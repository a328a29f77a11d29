package dev.cairn.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

class UncoveredTest {

    private final AtomicLong now = new AtomicLong();
    private final Uncovered uncovered = new Uncovered(now::get);

    @Test
    void shouldCountFromWhenAPartitionWasFirstMissing() {
        // When
        uncovered.look(List.of(1));
        pass(4);
        uncovered.look(List.of(1, 2));
        pass(4);

        // Then
        assertThat(uncovered.look(List.of(1, 2))).isEqualTo(Map.of(1, Duration.ofSeconds(8), 2, Duration.ofSeconds(4)));

        // When
        uncovered.look(List.of(2));
        pass(1);

        // Then
        assertThat(uncovered.look(List.of(1))).isEqualTo(Map.of(1, Duration.ZERO));
    }

    @Test
    void shouldNotClaimToKnowWhatWasBetweenTwoLooksThatAreFarApart() {
        // When
        uncovered.look(List.of(1));
        pass(3600);

        // Then
        assertThat(uncovered.look(List.of(1))).isEqualTo(Map.of(1, Duration.ZERO));
    }

    private void pass(long seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
