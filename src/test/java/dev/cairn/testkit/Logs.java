package dev.cairn.testkit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.jboss.logmanager.LogContext;

/** What Kafka's clients and broker say in this JVM. */
public final class Logs {

    // Held, because a logger that no one holds forgets its level.
    private static final Logger ROOT = logger("");
    private static final List<Logger> WARNINGS = loggers("org.apache.kafka");
    private static final List<Logger> ERRORS = loggers(
            "kafka",
            "state.change.logger",
            "org.apache.kafka.controller",
            "org.apache.kafka.coordinator",
            "org.apache.kafka.image",
            "org.apache.kafka.metadata",
            "org.apache.kafka.raft",
            "org.apache.kafka.server",
            "org.apache.kafka.snapshot",
            "org.apache.kafka.storage",
            // Says many times a second that a broker which was taken away is away.
            "org.apache.kafka.clients.NetworkClient");
    private static final List<Logger> LISTS_OF_SETTINGS = loggers("org.apache.kafka.common.config");

    private Logs() {}

    /** Only what is wrong, unless logging is configured otherwise later. */
    public static void quiet() {
        WARNINGS.forEach(logger -> logger.setLevel(Level.WARNING));
        ERRORS.forEach(logger -> logger.setLevel(Level.SEVERE));
    }

    /** Nothing but warnings, of any library: without Quarkus, every byte of a client of S3 would be described. */
    public static void warnings() {
        ROOT.setLevel(Level.WARNING);
    }

    /**
     * To standard error, for a program without Quarkus: with Quarkus on the class path, lines would be kept for its start,
     * and never be seen.
     */
    public static void toConsole() {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        ConsoleHandler console = new ConsoleHandler();
        console.setFormatter(new OneLine());
        ROOT.addHandler(console);
        LISTS_OF_SETTINGS.forEach(logger -> logger.setLevel(Level.WARNING));
    }

    private static List<Logger> loggers(String... names) {
        return Stream.of(names).map(Logs::logger).toList();
    }

    // Where Kafka's lines go, whatever the manager of java.util.logging is.
    private static Logger logger(String name) {
        return LogContext.getLogContext().getLogger(name);
    }

    private static final class OneLine extends Formatter {
        @Override
        public String format(LogRecord entry) {
            String line = String.format(
                    Locale.ROOT,
                    "%1$tT.%1$tL %2$s %3$s: %4$s%n",
                    entry.getMillis(),
                    entry.getLevel(),
                    entry.getLoggerName(),
                    formatMessage(entry));
            return entry.getThrown() == null ? line : line + trace(entry.getThrown());
        }

        private static String trace(Throwable thrown) {
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return text.toString();
        }
    }
}
