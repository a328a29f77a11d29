package dev.cairn.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The parts of one transfer, several under way at the same time. Used by one thread.
 *
 * @param <T> what a part brings
 */
final class S3Transfers<T> {

    private final Executor executor;
    private final List<CompletableFuture<T>> parts = new ArrayList<>();
    private volatile RuntimeException failure;

    S3Transfers(Executor executor) {
        this.executor = executor;
    }

    /** Adds a part; one whose turn comes after another has failed is not begun. */
    void add(Supplier<T> part) {
        parts.add(CompletableFuture.supplyAsync(() -> failure == null ? run(part) : null, executor));
    }

    private T run(Supplier<T> part) {
        try {
            return part.get();
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    /** Waits until none is under way any more. @return what they brought, in order @throws RuntimeException of a part */
    List<T> await() {
        List<T> results = new ArrayList<>();
        for (CompletableFuture<T> part : parts) {
            try {
                results.add(part.join());
            } catch (CompletionException e) {
                failure = e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }
}
