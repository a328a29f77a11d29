package dev.cairn.testkit;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A process that this JVM started, with its output and its signals. It ends with this JVM, however that ends. For systems
 * with POSIX signals.
 */
public final class ChildProcess implements AutoCloseable {

    private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(30);
    private static final int LINES_IN_MESSAGES = 60;

    private final String name;
    private final Process process;
    private final CompletableFuture<Void> dismissedGuard;
    private final OutputLog output;

    private ChildProcess(String name, Process process, CompletableFuture<Void> dismissedGuard, OutputLog output) {
        this.name = name;
        this.process = process;
        this.dismissedGuard = dismissedGuard;
        this.output = output;
    }

    /**
     * Starts a process.
     *
     * @param name for messages
     * @param command program and arguments
     * @param environment makes the child's environment from this process'
     * @param directory where it works
     * @param file takes everything it prints
     * @param listener is told every line, on a thread of its own
     */
    public static ChildProcess start(
            String name,
            List<String> command,
            UnaryOperator<Map<String, String>> environment,
            Path directory,
            Path file,
            Consumer<String> listener) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Map<String, String> variables = environment.apply(Map.copyOf(builder.environment()));
        builder.environment().clear();
        builder.environment().putAll(variables);
        OutputLog output = new OutputLog(OutputLog.emptied(file), listener);
        try {
            Process process = builder.start();
            CompletableFuture<Void> dismissedGuard = Guard.over(process);
            output.follow(process.getInputStream(), name);
            return new ChildProcess(name, process, dismissedGuard, output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + ": " + command, e);
        }
    }

    /** The {@code java} that runs this JVM. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public OutputLog output() {
        return output;
    }

    public CompletableFuture<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Waits for a line after the mark that contains a match. @throws AssertionError with the last output when none comes */
    public String awaitOutput(Pattern pattern, long mark, Duration limit) {
        Optional<String> line = output.await(pattern, mark, limit);
        return line.orElseThrow(() -> failure("no line matches \"" + pattern + "\" "
                + (isAlive() ? "within " + limit.toMillis() + " ms" : "and it has ended, exit code " + exitCode())));
    }

    /** Waits for the end. @return the exit code @throws AssertionError with the last output when it continues */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failure("still running after " + limit.toMillis() + " ms");
            }
            dismissedGuard.join();
            output.awaitEnd(SIGNAL_LIMIT);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    /** Ends it at once (SIGKILL), paused or not, and returns when it is gone. */
    public void kill() {
        process.toHandle().destroyForcibly();
        awaitExit(SIGNAL_LIMIT);
    }

    /** Asks it to end (SIGTERM). */
    public void terminate() {
        // By its handle: the method of the process itself also closes the output that tells how it ended.
        process.toHandle().destroy();
    }

    /** Freezes it (SIGSTOP), and returns when none of its threads runs any more. */
    public void pause() {
        signal("STOP");
        await(name + " is stopped").atMost(SIGNAL_LIMIT).until(this::isStopped);
    }

    private boolean isStopped() {
        File[] threads = new File("/proc/" + pid() + "/task").listFiles();
        // Where there is no such directory, the signal has to be trusted.
        return threads == null || Arrays.stream(threads).allMatch(ChildProcess::isStopped);
    }

    private static boolean isStopped(File thread) {
        try {
            String stat = Files.readString(thread.toPath().resolve("stat"));
            // Its name is in parentheses, and may hold some itself.
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            // It has ended.
            return true;
        }
    }

    /** Lets it continue (SIGCONT). */
    public void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(SIGNAL_LIMIT.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
                throw failure("cannot be sent SIG" + signal);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send SIG" + signal + " to " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending SIG" + signal + " to " + name, e);
        }
    }

    private int exitCode() {
        return awaitExit(SIGNAL_LIMIT);
    }

    private AssertionError failure(String what) {
        List<String> lines = output.lines();
        String last = lines.stream()
                .skip(Math.max(0, lines.size() - LINES_IN_MESSAGES))
                .collect(Collectors.joining("\n  | ", "\n  | ", ""));
        return new AssertionError(name + " (process " + pid() + "): " + what + "; all output is in " + output.file()
                + (lines.isEmpty() ? ", and empty" : ", its end:" + last));
    }

    @Override
    public void close() {
        kill();
    }
}
