package dev.cairn.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.cairn.worker.group.Peer;

class PeerSurveyTest {

    private static final Peer GOOD = new Peer("good", URI.create("http://good:1"));
    private static final Peer BAD = new Peer("bad", URI.create("http://bad:1"));

    private final AtomicLong now = new AtomicLong();
    private final List<Peer> workers = new ArrayList<>(List.of(GOOD, BAD));
    private final List<Peer> asked = new ArrayList<>();
    private final Map<Peer, CompletableFuture<byte[]>> answers =
            new HashMap<>(Map.of(GOOD, answer("1"), BAD, new CompletableFuture<>()));
    private final PeerSurvey<String> survey = new PeerSurvey<>(
            () -> workers,
            worker -> {
                asked.add(worker);
                return answers.get(worker);
            },
            json -> new String(json, StandardCharsets.UTF_8),
            Runnable::run,
            now::get);

    @Test
    void shouldAskEachWorkerOnceForAllCallersAndOnceASecond() {
        // When
        callEveryone();

        // Then
        assertThat(asked).containsExactlyInAnyOrder(GOOD, BAD);

        // When
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        callEveryone();

        // Then: the other one has not answered yet
        assertThat(asked).containsExactlyInAnyOrder(GOOD, BAD, GOOD);
    }

    @Test
    void shouldWaitALittleForAWorkerThatHangsAndThenNoMore() {
        // When
        Map<String, PeerAnswer<String>> first = get();

        // Then
        assertThat(first.get("good").value()).contains("1");
        assertThat(first.get("bad")).isEqualTo(PeerAnswer.failed("has not answered within 300 ms"));

        // When
        answers.get(BAD).completeExceptionally(new PeerException("does not answer within 2000 ms"));
        answers.put(BAD, new CompletableFuture<>());
        now.addAndGet(Duration.ofSeconds(2).toNanos());

        // Then: it is asked again, and no one waits for that
        assertThat(survey.answers().toCompletableFuture()).isCompleted();
        assertThat(asked).containsExactlyInAnyOrder(GOOD, BAD, GOOD, BAD);
        assertThat(get().get("bad").failure()).isEqualTo("does not answer within 2000 ms");
    }

    @Test
    void shouldShowWhatAWorkerHasAnsweredBeforeWhileItIsSlow() {
        // Given
        answers.put(BAD, answer("2"));
        get();
        answers.put(BAD, new CompletableFuture<>());

        // When
        now.addAndGet(Duration.ofSeconds(2).toNanos());

        // Then
        assertThat(get().get("bad").value()).contains("2");

        // When
        now.addAndGet(Duration.ofSeconds(4).toNanos());

        // Then
        assertThat(get().get("bad").value()).isEmpty();
    }

    @Test
    void shouldForgetWorkersThatAreGone() {
        // Given
        get();

        // When
        workers.remove(BAD);

        // Then
        assertThat(get()).containsOnlyKeys("good");
    }

    private void callEveryone() {
        assertThat(IntStream.range(0, 400).mapToObj(caller -> survey.answers())).hasSize(400);
    }

    private Map<String, PeerAnswer<String>> get() {
        return survey.answers()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static CompletableFuture<byte[]> answer(String text) {
        return CompletableFuture.completedFuture(text.getBytes(StandardCharsets.UTF_8));
    }
}
