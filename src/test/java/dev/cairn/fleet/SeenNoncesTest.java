package dev.cairn.fleet;

import static dev.cairn.fleet.SeenNonces.Outcome.FULL;
import static dev.cairn.fleet.SeenNonces.Outcome.NEW;
import static dev.cairn.fleet.SeenNonces.Outcome.SEEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

class SeenNoncesTest {

    private final AtomicLong now = new AtomicLong();
    private final SeenNonces nonces = new SeenNonces(Duration.ofNanos(10), 2, now::get);

    @Test
    void shouldLetEachPassOnceAndRememberNoMoreThanItMay() {
        assertThat(nonces.add("a")).isEqualTo(NEW);
        assertThat(nonces.add("a")).isEqualTo(SEEN);
        assertThat(nonces.add("b")).isEqualTo(NEW);
        assertThat(nonces.add("c")).isEqualTo(FULL);
        assertThat(nonces.add("a")).isEqualTo(SEEN);
    }

    @Test
    void shouldForgetWhatIsTooOldToCount() {
        // Given
        nonces.add("a");
        now.set(5);
        nonces.add("b");

        // When
        now.set(11);

        // Then
        assertThat(nonces.add("c")).isEqualTo(NEW);
        assertThat(nonces.add("b")).isEqualTo(SEEN);
    }
}
