package dev.cairn.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.cairn.testkit.Tools;

/** Prometheus' own judgement of rules, configurations and metrics, by the {@code promtool} that is installed. */
public final class Promtool {

    private static final long LIMIT_SECONDS = 60;

    private Promtool() {}

    /**
     * What it says.
     *
     * @param exitCode 0 where nothing is wrong
     * @param output all that it printed
     */
    public record Verdict(int exitCode, String output) {}

    /** Skips a test where there is none; in continuous integration the test fails. */
    public static void require() {
        Tools.require(Tools.isInstalled("promtool", List.of()), "no promtool: .ci/install promtool installs it");
    }

    /** Runs {@code promtool check ...} with a file as its input. */
    public static Verdict check(Path input, String... what) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool", "check"));
        command.addAll(List.of(what));
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " does not end");
            }
            return new Verdict(process.exitValue(), output);
        } finally {
            process.destroyForcibly();
        }
    }
}
