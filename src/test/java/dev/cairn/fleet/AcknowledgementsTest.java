package dev.cairn.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

class AcknowledgementsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Acknowledgements acknowledgements = new Acknowledgements();

    @Test
    void shouldWaitForEveryone() throws Exception {
        // Given
        acknowledgements.expect("command");
        CompletableFuture<Acknowledgements.Answered> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return acknowledgements.await("command", () -> Set.of("a", "b"), LIMIT);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        // When
        answer("a", "");
        assertThat(waiting).isNotCompleted();
        answer("b", "the disk is full");

        // Then
        assertThat(waiting).succeedsWithin(LIMIT);
        assertThat(waiting.get().isFailed()).isTrue();
        assertThat(waiting.get().remark()).isEqualTo("worker b: the disk is full");
    }

    @Test
    void shouldGoOnWithoutThoseWhoDoNotAnswer() throws Exception {
        acknowledgements.expect("command");
        answer("a", "");

        Acknowledgements.Answered answered =
                acknowledgements.await("command", () -> Set.of("a", "b"), Duration.ofMillis(1));

        assertThat(answered.isFailed()).isFalse();
        assertThat(answered.remark()).isEqualTo("no answer from b");
    }

    private void answer(String worker, String failure) {
        acknowledgements.add(new FleetEvent.CommandDone("command", worker, Instant.EPOCH, failure));
    }
}
