package dev.cairn.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The parts of one transfer, several under way at the same time. Used by one thread, which leaves them when it is interrupted.
 *
 * @param <T> what a part brings
 */
final class S3Transfers<T> {

    private final S3Calls calls;
    private final List<S3Calls.Part<T>> parts = new ArrayList<>();
    private volatile RuntimeException failure;

    S3Transfers(S3Calls calls) {
        this.calls = calls;
    }

    /**
     * Adds a part, once it is its turn; one whose turn comes after another has failed is not begun.
     *
     * @throws StorageException when the waiting is interrupted
     */
    void add(Supplier<T> part) {
        if (failure == null) {
            parts.add(calls.startPart(() -> failure == null ? run(part) : null));
        }
    }

    private T run(Supplier<T> part) {
        try {
            return part.get();
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    /**
     * Waits until none is under way any more.
     *
     * @return what they brought, in order
     * @throws StorageException when the waiting is interrupted; some may still be under way
     * @throws RuntimeException of a part
     */
    List<T> await() {
        List<T> results = new ArrayList<>();
        for (S3Calls.Part<T> part : parts) {
            try {
                results.add(calls.answerOf(part.answer()));
            } catch (RuntimeException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    /** Begins none any more, and interrupts those that are under way. Does not wait for them. */
    void cancel(RuntimeException why) {
        failure = why;
        parts.forEach(S3Calls.Part::cancel);
    }

    /** Waits until the threads of all parts have left them, those of cancelled ones included. */
    void awaitEnds() throws InterruptedException {
        for (S3Calls.Part<T> part : parts) {
            part.awaitEnd();
        }
    }
}
