package dev.cairn.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

class RequestBudgetTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long START = -3 * SECOND;

    private final RequestBudget budget = new RequestBudget(10, START);

    @Test
    void shouldLetFiveSecondsWorthComeAtOnce() {
        for (int i = 0; i <= 50; i++) {
            assertThat(budget.take(START)).as("request %s", i).hasValue(0);
        }
        assertThat(budget.take(START)).hasValue(SECOND / 10);
        assertThat(budget.take(START)).hasValue(2 * SECOND / 10);
    }

    @Test
    void shouldRefuseWhatWouldWaitTooLongAndKeepItsTurn() {
        // Given
        OptionalLong last = OptionalLong.of(0);
        while (last.isPresent()) {
            last = budget.take(START);
        }

        // When, Then
        assertThat(budget.take(START)).isEmpty();
        assertThat(budget.take(START + SECOND / 10)).hasValue(2 * SECOND);
        assertThat(budget.take(START + SECOND / 10)).isEmpty();
    }

    @Test
    void shouldSaveUpNoMoreThanFiveSeconds() {
        long later = START + 1000 * SECOND;
        for (int i = 0; i <= 50; i++) {
            assertThat(budget.take(later)).hasValue(0);
        }
        assertThat(budget.take(later)).hasValue(SECOND / 10);
    }
}
