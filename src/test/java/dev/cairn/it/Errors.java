package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.cairn.testkit.LogLine;
import dev.cairn.testkit.worker.WorkerProcess;

/** Looks at what a worker prints as its user does: one clear error, and nothing else. */
final class Errors {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern STACK_TRACE =
            Pattern.compile("^\\s+at [\\w.$/]+\\(|^Caused by: |^Exception in thread");

    private static final String BLOCKED = "[io.vertx.core.impl.BlockedThreadChecker]";
    private static final String WAITING = "sun.nio.ch.EPoll.wait(";

    private Errors() {}

    /** Waits for the worker's end. @return its one error, with all of its lines */
    static String endOf(WorkerProcess worker) {
        int exitCode = worker.awaitExit(LIMIT);
        assertThat(exitCode).as("exit code").isEqualTo(1);
        return theOne(worker);
    }

    /** The one error that was printed, with all of its lines. */
    static String theOne(WorkerProcess worker) {
        List<String> lines = linesOf(worker);
        assertThat(lines)
                .as("no stack trace")
                .noneMatch(line -> STACK_TRACE.matcher(line).find());
        List<String> errors = lines.stream().filter(Errors::isProblem).toList();
        assertThat(errors).as("one error in %s", worker.outputFile()).hasSize(1);
        int start = lines.indexOf(errors.get(0));
        return lines.get(start)
                + lines.stream()
                        .skip(start + 1L)
                        .takeWhile(line -> LogLine.parse(line).isEmpty())
                        .map(line -> "\n" + line)
                        .collect(Collectors.joining());
    }

    /** Nothing that would worry a user: no error, no warning, no stack trace. */
    static void none(WorkerProcess worker) {
        assertThat(linesOf(worker))
                .as("no error, no warning, no stack trace in %s", worker.outputFile())
                .noneMatch(line -> isProblem(line)
                        || isWarning(line)
                        || STACK_TRACE.matcher(line).find());
    }

    /** The warnings that were printed. */
    static List<String> warnings(WorkerProcess worker) {
        return linesOf(worker).stream().filter(Errors::isWarning).toList();
    }

    /**
     * What it printed, without warnings of Vert.x about a thread that waits for the network: nothing blocks that thread, but the
     * whole machine has stood still.
     */
    private static List<String> linesOf(WorkerProcess worker) {
        List<String> lines = worker.output();
        List<String> kept = new ArrayList<>();
        boolean stoodStill = false;
        for (int i = 0; i < lines.size(); i++) {
            if (LogLine.parse(lines.get(i)).isPresent()) {
                stoodStill = lines.get(i).contains(BLOCKED)
                        && i + 1 < lines.size()
                        && lines.get(i + 1).contains(WAITING);
            }
            if (!stoodStill) {
                kept.add(lines.get(i));
            }
        }
        return kept;
    }

    private static boolean isProblem(String line) {
        return LogLine.parse(line).filter(said -> said.isAt("ERROR", "FATAL")).isPresent();
    }

    private static boolean isWarning(String line) {
        return LogLine.parse(line).filter(said -> said.isAt("WARN")).isPresent();
    }
}
