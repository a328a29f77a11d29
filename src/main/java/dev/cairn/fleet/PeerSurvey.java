package dev.cairn.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.cairn.worker.group.Peer;

/**
 * One question to all other workers, for all callers in this one. Each worker is asked once a second at most, however many
 * ask, and only while someone does. A worker that is slow is waited for a little, and then shown as it answered before; one
 * that has just failed to answer is not waited for. Thread-safe; no call blocks.
 *
 * @param <T> what a worker answers
 */
public final class PeerSurvey<T> {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** How long a caller waits for answers. */
    private static final Duration PATIENCE = Duration.ofMillis(300);

    /** How long an answer counts while the next one is waited for. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Supplier<Collection<Peer>> others;
    private final Function<Peer, CompletableFuture<byte[]>> ask;
    private final Parser<T> parser;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final Map<Peer, Standing<T>> standings = new HashMap<>();

    /** Reads an answer. */
    @FunctionalInterface
    public interface Parser<T> {

        /**
         * Reads an answer.
         *
         * @throws Exception where it is not what is expected
         */
        T parse(byte[] json) throws Exception;
    }

    /** How it stands with one worker. */
    private static final class Standing<T> {

        private CompletableFuture<PeerAnswer<T>> asked;
        private long askedNanos;
        private PeerAnswer<T> last = PeerAnswer.failed("has not answered yet");
        private boolean hasLast;
        private long lastNanos;

        private boolean isFresh(long now) {
            return hasLast && now - lastNanos < FRESH.toNanos();
        }

        private boolean isWaitedFor(long now) {
            boolean hasJustFailed = isFresh(now) && last.value().isEmpty();
            return !asked.isDone() && !hasJustFailed && now - askedNanos < PATIENCE.toNanos();
        }
    }

    PeerSurvey(
            Supplier<Collection<Peer>> others,
            Function<Peer, CompletableFuture<byte[]>> ask,
            Parser<T> parser,
            Executor executor,
            LongSupplier nanoTime) {
        this.others = others;
        this.ask = ask;
        this.parser = parser;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /** What the others answer, by their instances. */
    public CompletionStage<Map<String, PeerAnswer<T>>> answers() {
        List<Peer> asked = new ArrayList<>(others.get());
        // Where not all can be asked at once, none is always the last.
        Collections.shuffle(asked);
        CompletableFuture<?>[] waitedFor = ask(asked);
        if (waitedFor.length == 0) {
            return CompletableFuture.completedFuture(answersOf(asked));
        }
        return CompletableFuture.allOf(waitedFor)
                .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .thenApplyAsync(done -> answersOf(asked), executor);
    }

    private synchronized CompletableFuture<?>[] ask(List<Peer> workers) {
        standings.keySet().retainAll(Set.copyOf(workers));
        long now = nanoTime.getAsLong();
        List<CompletableFuture<?>> waitedFor = new ArrayList<>();
        for (Peer worker : workers) {
            Standing<T> standing = standings.computeIfAbsent(worker, added -> new Standing<>());
            if (standing.asked == null || (standing.asked.isDone() && now - standing.askedNanos >= PERIOD.toNanos())) {
                standing.askedNanos = now;
                standing.asked = ask.apply(worker)
                        .handleAsync((json, failure) -> answer(json, failure), executor)
                        .thenApply(answer -> keep(standing, answer));
            }
            if (standing.isWaitedFor(now)) {
                waitedFor.add(standing.asked);
            }
        }
        return waitedFor.toArray(CompletableFuture[]::new);
    }

    private PeerAnswer<T> answer(byte[] json, Throwable failure) {
        if (failure != null) {
            return PeerAnswer.failed(why(failure));
        }
        try {
            return PeerAnswer.of(parser.parse(json));
        } catch (Exception e) {
            return PeerAnswer.failed("answers what this version does not understand");
        }
    }

    private synchronized PeerAnswer<T> keep(Standing<T> standing, PeerAnswer<T> answer) {
        standing.last = answer;
        standing.hasLast = true;
        standing.lastNanos = nanoTime.getAsLong();
        return answer;
    }

    private synchronized Map<String, PeerAnswer<T>> answersOf(List<Peer> workers) {
        long now = nanoTime.getAsLong();
        Map<String, PeerAnswer<T>> answers = new TreeMap<>();
        for (Peer worker : workers) {
            Standing<T> standing = standings.get(worker);
            boolean isKnown = standing != null && (standing.asked.isDone() || standing.isFresh(now));
            answers.put(
                    worker.instance(),
                    isKnown
                            ? standing.last
                            : PeerAnswer.failed("has not answered within " + PATIENCE.toMillis() + " ms"));
        }
        return answers;
    }

    static String why(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof PeerException ? cause.getMessage() : "does not answer: " + cause;
    }
}
