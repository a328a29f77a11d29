package dev.cairn.testkit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What a process prints: all of it in a file, its end in memory. Thread-safe. */
public final class OutputLog {

    private static final int LINES_IN_MEMORY = 20_000;

    private final Path file;
    private final Consumer<String> listener;
    private final Deque<String> lines = new ArrayDeque<>();
    private long printed;
    private boolean ended;

    OutputLog(Path file, Consumer<String> listener) {
        this.file = file;
        this.listener = listener;
    }

    public Path file() {
        return file;
    }

    /** Reads everything that comes, on a thread of its own, until the stream ends. */
    void follow(InputStream stream, String name) {
        Thread thread = new Thread(() -> pump(stream), "output-of-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void pump(InputStream stream) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
                BufferedWriter writer =
                        Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                writer.write(line);
                writer.newLine();
                writer.flush();
                add(line);
                listener.accept(line);
            }
        } catch (IOException e) {
            // The stream of a process that was killed may end in the middle.
            add("(" + e.getMessage() + ")");
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        if (lines.size() == LINES_IN_MEMORY) {
            lines.removeFirst();
        }
        lines.addLast(line);
        printed++;
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** How many lines there were so far; lines after a mark are those that came later. */
    public synchronized long mark() {
        return printed;
    }

    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /**
     * Waits for a line that contains a match.
     *
     * @return the first one after the mark; empty when there is none within the limit, or the output ended without one
     */
    synchronized Optional<String> await(Pattern pattern, long mark, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        long next = mark;
        while (true) {
            Optional<String> found = find(pattern, next);
            if (found.isPresent()) {
                return found;
            }
            next = printed;
            if (ended || !awaitMoreThan(next, deadline)) {
                return Optional.empty();
            }
        }
    }

    /** Waits until the output has ended, so that {@link #lines} is complete. */
    synchronized boolean awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ended) {
            if (!awaitMoreThan(printed, deadline)) {
                return false;
            }
        }
        return true;
    }

    private Optional<String> find(Pattern pattern, long from) {
        long forgotten = printed - lines.size();
        return lines.stream()
                .skip(Math.max(0, from - forgotten))
                .filter(line -> pattern.matcher(line).find())
                .findFirst();
    }

    private boolean awaitMoreThan(long seen, long deadline) {
        try {
            while (printed == seen && !ended) {
                long milliseconds =
                        Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (milliseconds <= 0) {
                    return false;
                }
                wait(milliseconds);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for output", e);
        }
    }

    /** Empties the file that a process is going to print to. */
    static Path emptied(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.deleteIfExists(file);
            return Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + file, e);
        }
    }
}
