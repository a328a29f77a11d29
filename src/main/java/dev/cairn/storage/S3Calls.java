package dev.cairn.storage;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Calls to S3, each on a thread of its own. A thread that waits on a socket does not notice an interrupt; one that waits for a
 * call does, and leaves it to its own end. Its effect is then open, as with any call whose answer was lost. Thread-safe.
 */
final class S3Calls implements AutoCloseable {

    private static final long CLOSE_LIMIT_MILLIS = 1_000;

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "cairn-s3");
        thread.setDaemon(true);
        return thread;
    });

    /** Of the parts of transfers, which would otherwise open as many connections as there are parts. */
    private final Semaphore turns;

    /** @param parallelParts how many parts of transfers are under way at a time */
    S3Calls(int parallelParts) {
        this.turns = new Semaphore(parallelParts, true);
    }

    /**
     * Makes a call and waits for its answer.
     *
     * @throws StorageException when the waiting is interrupted; the thread stays interrupted
     * @throws RuntimeException what the call throws
     */
    <T> T call(Supplier<T> call) {
        return answerOf(start(call));
    }

    /** Makes a call without waiting for its answer. */
    <T> Future<T> start(Supplier<T> call) {
        try {
            return threads.submit(call::get);
        } catch (RejectedExecutionException e) {
            throw closed(e);
        }
    }

    /** Waits for an answer; as {@link #call} otherwise. An interrupt cancels the call. */
    <T> T answerOf(Future<T> call) {
        try {
            return call.get();
        } catch (InterruptedException e) {
            call.cancel(true);
            throw interrupted(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        }
    }

    /** As {@link #start}, when it is the turn of a part. Waits for that. */
    <T> Part<T> startPart(Supplier<T> call) {
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        Part<T> part = new Part<>(new FutureTask<>(call::get), turns);
        try {
            threads.execute(part);
        } catch (RejectedExecutionException e) {
            part.cancel();
            throw closed(e);
        }
        return part;
    }

    private static StorageException closed(RejectedExecutionException cause) {
        return new StorageException("the store is closed", cause);
    }

    private static StorageException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new StorageException("interrupted while waiting for an answer of the store", cause);
    }

    /** Lets what takes back a transfer come to its end, unless it waits for a socket. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }

    /** A part under way. */
    static final class Part<T> implements Runnable {

        private final FutureTask<T> answer;
        private final Semaphore turns;
        private final AtomicBoolean turnIsOver = new AtomicBoolean();
        private final CountDownLatch ended = new CountDownLatch(1);

        private Part(FutureTask<T> answer, Semaphore turns) {
            this.answer = answer;
            this.turns = turns;
        }

        @Override
        public void run() {
            try {
                answer.run();
            } finally {
                endTurn();
                ended.countDown();
            }
        }

        Future<T> answer() {
            return answer;
        }

        /** Interrupts it, and lets others have its turn, though its thread may still wait for a socket. */
        void cancel() {
            answer.cancel(true);
            endTurn();
        }

        /** Waits until its thread has left it. */
        void awaitEnd() throws InterruptedException {
            ended.await();
        }

        private void endTurn() {
            if (turnIsOver.compareAndSet(false, true)) {
                turns.release();
            }
        }
    }
}
