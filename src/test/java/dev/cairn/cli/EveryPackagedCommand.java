package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.cairn.testkit.worker.StoppedJob;

/** Every command of what was packaged, one after the other, on a job that has stopped. */
public final class EveryPackagedCommand {

    private final StoppedJob job;
    private final Launcher launcher;
    private final Set<String> ran = new TreeSet<>();

    /** Runs the packaged command in a process of its own. */
    @FunctionalInterface
    public interface Launcher {

        /** Runs it to its end. */
        Launched launch(String... arguments) throws Exception;
    }

    /** What came of it. */
    public record Launched(int exitCode, String out, String err) {}

    private EveryPackagedCommand(StoppedJob job, Launcher launcher) {
        this.job = job;
        this.launcher = launcher;
    }

    /** Runs all of them, and checks what they say. The job is stopped again afterwards, and may be started. */
    public static void run(StoppedJob job, Launcher launcher) throws Exception {
        EveryPackagedCommand commands = new EveryPackagedCommand(job, launcher);
        commands.runAll();
        assertThat(commands.ran).as("commands that have run").isEqualTo(leaves());
    }

    private void runAll() throws Exception {
        String ofJob = job.checkpoints() + "/" + job.name();

        assertThat(said("job", "list")).contains(job.name());
        assertThat(json("job", "status").path("partitions")).hasSize(StoppedJob.PARTITIONS);
        JsonNode list = json("checkpoints", "list");
        assertThat(list.findValuesAsText("partition")).contains("0", "1");
        assertThat(json("checkpoints", "inspect", newest(list, 0)).path("job").asText())
                .isEqualTo(job.name());
        assertThat(said("checkpoints", "verify", ofJob).lines().filter(line -> line.endsWith("whole")))
                .hasSize(StoppedJob.PARTITIONS);
        assertThat(json("checkpoints", "gc", "--dry-run").isObject()).isTrue();
        assertThat(json("state", "get", ofJob, "aggregate", StoppedJob.key("zstd", 1))
                        .at("/value/count")
                        .asInt())
                .isEqualTo(1);
        assertThat(said("state", "export", ofJob, "--format", "csv").lines())
                .hasSize(1 + 10 * StoppedJob.COMPRESSIONS.size())
                .anyMatch(line -> line.contains("snappy-5"));

        String savepoint = json("savepoint", "create").path("path").asText();
        String rescaled = json("savepoint", "rescale", savepoint, "--partitions", "3", "--allow-undrained")
                .path("path")
                .asText();
        assertThat(said("state", "export", rescaled).lines())
                .hasSize(10 * StoppedJob.COMPRESSIONS.size())
                .allMatch(line -> line.startsWith("{\"partition\":"));
        said("savepoint", "dispose", rescaled);

        assertThat(json("stop", "--savepoint", "--timeout", "30s")
                        .path("entries")
                        .asInt())
                .isEqualTo(10 * StoppedJob.COMPRESSIONS.size());
        said("job", "start");
        assertThat(said("job", "cancel", "--timeout", "30s")).contains("is cancelled");
        Launched cancelled = launch("run");
        assertThat(cancelled.exitCode()).as("a worker of a cancelled job").isEqualTo(1);
        assertThat(cancelled.out()).contains("cairn job start");
        said("job", "start");

        Launched refused = launch("checkpoints", "delete", newest(list, 1));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("--force");

        assertThat(said("completion")).contains("--older-than");
        Launched unhealthy = launch("health", "--url", "http://localhost:1/q/health");
        assertThat(unhealthy.exitCode()).isEqualTo(1);
        assertThat(unhealthy.err()).contains("no answer from http://localhost:1/q/health/ready");
        assertThat(launcher.launch("--version").out()).startsWith("cairn ");
    }

    private static Set<String> leaves() {
        return CommandsTable.leaves(CommandLines.create())
                .map(command -> command.getCommandSpec().qualifiedName().substring("cairn ".length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String newest(JsonNode list, int partition) {
        for (JsonNode checkpoint : list) {
            if (checkpoint.path("partition").asInt() == partition) {
                return job.checkpoints() + "/" + job.name() + "/partition-" + partition + "/chk-"
                        + checkpoint.path("number").asLong();
            }
        }
        throw new AssertionError("partition " + partition + " has no checkpoint");
    }

    private JsonNode json(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--output", "json"));
        try {
            return new ObjectMapper().readTree(said(all.toArray(String[]::new)));
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + all, e);
        }
    }

    private String said(String... arguments) throws Exception {
        Launched result = launch(arguments);
        assertThat(result.exitCode())
                .as("%s: %s%s", List.of(arguments), result.out(), result.err())
                .isZero();
        return result.out();
    }

    private Launched launch(String... arguments) throws Exception {
        leaves().stream()
                .filter(command -> (String.join(" ", arguments) + " ").startsWith(command + " "))
                .forEach(ran::add);
        return launcher.launch(arguments);
    }
}
