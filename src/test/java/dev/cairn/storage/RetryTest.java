package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.store.ForwardingObjectStore;

class RetryTest {

    private final List<Long> pauses = new ArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private long nanos;

    @AfterEach
    void forgetInterrupt() {
        Thread.interrupted();
    }

    @Test
    void shouldPassOnTheFirstAnswer() throws InterruptedException {
        // When
        String answer = limitedTo(Duration.ofSeconds(10)).call(() -> "answer");

        // Then
        assertThat(answer).isEqualTo("answer");
        assertThat(pauses).isEmpty();
    }

    @Test
    void shouldRepeatWithDoubledDelaysUpToFiveSeconds() throws InterruptedException {
        // When
        String answer = limitedTo(Duration.ofMinutes(5)).call(() -> answerAfter(9));

        // Then
        assertThat(answer).isEqualTo("answer");
        long[] expected = {100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000};
        assertThat(pauses).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(pauses.get(i)).isCloseTo(expected[i], within(50L));
        }
    }

    @Test
    void shouldSpreadTheDelaysOfManyCallers() throws InterruptedException {
        // When
        for (int i = 0; i < 100; i++) {
            attempts.set(0);
            limitedTo(Duration.ofMinutes(5)).call(() -> answerAfter(1));
        }

        // Then
        assertThat(pauses.stream().distinct().count()).isGreaterThan(20);
    }

    @Test
    void shouldPassOnTheLastFailureAtTheLimit() {
        // When, Then
        assertThatThrownBy(() -> limitedTo(Duration.ofSeconds(10)).call(() -> answerAfter(1_000)))
                .isInstanceOf(StorageException.class)
                .hasMessage("attempt %s", attempts.get());
        assertThat(Duration.ofNanos(nanos)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void shouldTryForTwoSecondsAtLeast() {
        assertThatThrownBy(() -> limitedTo(Duration.ofMillis(1)).call(() -> answerAfter(1_000)))
                .isInstanceOf(StorageException.class);
        assertThat(Duration.ofNanos(nanos)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldNotRepeatWhatCannotPass() {
        List<RuntimeException> lasting = List.of(
                new StorageException("denied", new AccessDeniedException("/checkpoints")),
                new ObjectMissingException("file:/checkpoints", "job/object"),
                new IllegalArgumentException("no key"));
        for (RuntimeException failure : lasting) {
            assertThatThrownBy(() -> limitedTo(Duration.ofMinutes(5)).call(() -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void shouldEndTheTryingWhenItIsInterruptedInACall() {
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> limitedTo(Duration.ofMinutes(5)).call(() -> {
                    Thread.currentThread().interrupt();
                    return answerAfter(1);
                }))
                .satisfies(e -> assertThat(e.getSuppressed()).singleElement().satisfies(failure -> assertThat(failure)
                        .hasMessage("attempt 1")));
        assertThat(attempts).hasValue(1);
    }

    @Test
    void shouldKeepTheInterruptOfAThreadThatWaits(@TempDir Path directory) {
        // Given
        Thread worker = Thread.currentThread();
        ObjectStore broken = new ForwardingObjectStore(ObjectStores.open(directory.toString())) {
            @Override
            public byte[] read(String key) {
                attempts.incrementAndGet();
                interruptSoon(worker);
                throw new StorageException("broken");
            }
        };

        // When, Then
        try (ObjectStore store = new RetryingObjectStore(broken, Duration.ofMinutes(5))) {
            assertThatThrownBy(() -> store.read("job/object"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("interrupted while trying " + store.location())
                    .hasCauseInstanceOf(InterruptedException.class);
        }
        assertThat(worker.isInterrupted()).isTrue();
    }

    private static void interruptSoon(Thread thread) {
        Thread other = new Thread(thread::interrupt, "interrupts");
        other.setDaemon(true);
        other.start();
    }

    private String answerAfter(int failures) {
        if (attempts.incrementAndGet() <= failures) {
            throw new StorageException("attempt " + attempts.get());
        }
        return "answer";
    }

    private Retry limitedTo(Duration limit) {
        return new Retry(limit, () -> nanos, millis -> {
            pauses.add(millis);
            nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        });
    }
}
