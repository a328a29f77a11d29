package dev.cairn.worker;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import dev.cairn.worker.status.StopWorkerException;

/** The parts of a start that may take long, because Kafka or the store has to answer. The log says so when they do. */
final class StartWait {

    private static final Logger LOG = Logger.getLogger(StartWait.class);
    private static final int SILENT_SECONDS = 3;

    private StartWait() {}

    /**
     * Asks, and waits.
     *
     * @param what has to answer, for people
     */
    static <T> T on(String what, Supplier<T> question) {
        CompletableFuture<Void> line = CompletableFuture.runAsync(
                () -> LOG.infof("the start waits for %s to answer", what),
                CompletableFuture.delayedExecutor(SILENT_SECONDS, TimeUnit.SECONDS));
        try {
            return question.get();
        } finally {
            line.cancel(false);
        }
    }

    /** As {@link #on(String, Supplier)}. */
    static void on(String what, Runnable question) {
        on(what, () -> {
            question.run();
            return null;
        });
    }

    /** As {@link #on(String, Supplier)}, on a thread of its own: others can be asked meanwhile. */
    static <T> Asked<T> ask(String what, Callable<T> question) {
        FutureTask<T> task = new FutureTask<>(question);
        Thread thread = new Thread(task, "cairn-ask");
        thread.setDaemon(true);
        thread.start();
        return new Asked<>(what, task);
    }

    /** A question that was asked before its answer was needed. */
    record Asked<T>(String what, FutureTask<T> task) {

        /**
         * Waits for the answer.
         *
         * @throws RuntimeException that the question has failed with
         * @throws StopWorkerException when the thread is interrupted; the question is given up then
         */
        T answer() {
            return on(what, () -> {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    giveUp();
                    Thread.currentThread().interrupt();
                    throw new StopWorkerException("interrupted while starting", e);
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException failure) {
                        throw failure;
                    }
                    throw new IllegalStateException(e.getCause());
                }
            });
        }

        /** Interrupts the question; does nothing where it is answered. */
        void giveUp() {
            task.cancel(true);
        }
    }
}
