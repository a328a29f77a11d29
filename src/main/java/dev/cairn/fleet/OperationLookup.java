package dev.cairn.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Answers any worker's caller how something is getting on that was asked of any worker. Thread-safe; no call blocks. */
@ApplicationScoped
public class OperationLookup {

    /** What a worker was asked for reaches the others within this, usually. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(2);

    /** More than a member of the group may be silent. */
    private static final Duration LONG_GONE = Duration.ofMinutes(1);

    private static final int MAX_WAITING = 100;

    private final Operations operations;
    private final Supplier<Set<String>> members;
    private final AtomicInteger waiting = new AtomicInteger();

    @Inject
    OperationLookup(Operations operations, Peers peers) {
        this(operations, () -> peers.all().keySet());
    }

    /** @param members the instances that the group has; empty while that is not known */
    OperationLookup(Operations operations, Supplier<Set<String>> members) {
        this.operations = operations;
        this.members = members;
    }

    /** How it stands. One that is not known yet may be on its way, and is waited for a moment. */
    public CompletionStage<Optional<Operation>> find(String id) {
        Optional<Operations.Known> known = operations.get(id);
        if (known.isPresent() || waiting.get() >= MAX_WAITING) {
            return CompletableFuture.completedFuture(known.map(this::standing));
        }
        waiting.incrementAndGet();
        CompletableFuture<Optional<Operations.Known>> told = new CompletableFuture<>();
        AutoCloseable listening = operations.listen(news -> {
            if (news.operation().id().equals(id)) {
                told.complete(Optional.of(news));
            }
        });
        // It may have come between the two looks.
        operations.get(id).ifPresent(news -> told.complete(Optional.of(news)));
        return told.completeOnTimeout(Optional.empty(), ON_ITS_WAY.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((news, failure) -> end(listening))
                .thenApply(news -> news.map(this::standing));
    }

    private void end(AutoCloseable listening) {
        waiting.decrementAndGet();
        try {
            listening.close();
        } catch (Exception e) {
            throw new IllegalStateException("a listener is only forgotten", e);
        }
    }

    private Operation standing(Operations.Known known) {
        return isGivenUp(known) ? Operations.givenUp(known) : known.operation();
    }

    /** Its worker is no member of the group any more, and will tell of no end. */
    private boolean isGivenUp(Operations.Known known) {
        if (known.isEnded() || known.worker().isEmpty()) {
            return false;
        }
        Set<String> now = members.get();
        return !now.isEmpty()
                && !now.contains(known.worker().get())
                && known.operation().startedAt().isBefore(Instant.now().minus(LONG_GONE));
    }
}
