package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.cairn.testkit.worker.PackagedCairn;
import dev.cairn.testkit.worker.WorkerProcess;

/** The packaged commands, each in a process of its own. */
public final class Cairn {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private Cairn() {}

    /**
     * Runs a command to its end.
     *
     * @param directory where it works, and what it prints is kept
     * @param settings as environment variables; those of this process are not inherited
     */
    public static Result in(Path directory, Map<String, String> settings, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(PackagedCairn.find().commandLine(WorkerProcess.shortLived()));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(CAIRN|KAFKA|STATE|EXECUTION|QUARKUS)_.*"));
        builder.environment().putAll(settings);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                    .as("%s ends", command)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** What came of it. */
    public record Result(int exitCode, String out, String err) {

        /** What it printed, read as JSON. */
        public JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }
    }
}
