package dev.cairn.worker;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;

import io.quarkus.runtime.StartupEvent;
import org.jboss.logging.Logger;

/**
 * Ends the process when its memory is exhausted, however it was started: whatever thread it has hit, no one knows what that
 * thread has left undone.
 *
 * <p>The images have the JVM's own {@code -XX:+ExitOnOutOfMemoryError}, which neither a jar's manifest nor a running JVM can
 * set, and a second process only for the flag would come between the worker and its signals. So the error is seen where it
 * ends: in a thread that no one catches it in, or in the log, to which the libraries' threads, which catch everything, report it.
 */
@ApplicationScoped
public class OutOfMemory {

    /** As the JVM's own flag has it. */
    static final int EXIT_CODE = 3;

    private static final Logger LOG = Logger.getLogger(OutOfMemory.class);

    private static final int DEEPEST_CAUSE = 20;
    private static final String MESSAGE =
            "worker stopped: its memory is exhausted (OutOfMemoryError). Give it more, or see docs/operate/security.md for"
                    + " the limits of requests";

    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event) {
        endProcess();
    }

    /** From now on it ends the process. */
    static void endProcess() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            look(failure);
            if (before != null) {
                before.uncaughtException(thread, failure);
            } else {
                LOG.errorf(failure, "thread %s ended: unexpected error", thread.getName());
            }
        });
        LogManager.getLogManager().getLogger("").addHandler(new LogWatch());
    }

    /** Ends the process where an error is, or comes from, exhausted memory. */
    static void look(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof OutOfMemoryError) {
                try {
                    System.err.println(MESSAGE);
                } finally {
                    // Not by an orderly end, which needs memory.
                    Runtime.getRuntime().halt(EXIT_CODE);
                }
            }
            cause = cause.getCause();
        }
    }

    private static final class LogWatch extends Handler {

        private LogWatch() {
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord record) {
            look(record.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
