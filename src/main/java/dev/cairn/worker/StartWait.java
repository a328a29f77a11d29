package dev.cairn.worker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

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
}
