package dev.cairn.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.awaitility.Awaitility;
import org.jboss.logmanager.formatters.PatternFormatter;

/** What a class logs in this JVM, from the level that is logged, until it is closed. Thread-safe. */
public final class LogLines extends Handler implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final PatternFormatter format = new PatternFormatter("%m");
    private final Logger logger;

    /** Listens from now on. */
    public LogLines(Class<?> source) {
        this(source.getName());
    }

    /** The same, of a class that is not public. */
    public LogLines(String source) {
        logger = Logger.getLogger(source);
        logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(format.format(line));
    }

    /** The lines so far. */
    public List<String> soFar() {
        return List.copyOf(lines);
    }

    /** Waits for a line with this in it. */
    public void await(String part) {
        Awaitility.await("a line with '" + part + "'").atMost(LIMIT).until(() -> lines.stream()
                .anyMatch(line -> line.contains(part)));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
