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
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainIntegrationTest;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.StoppedJob;

/**
 * Every command of what was packaged, a jar or an executable, on checkpoints in S3.
 *
 * <p>By Quarkus' launcher of command lines: an application under {@code @QuarkusIntegrationTest} takes no arguments that
 * differ from test to test. Settings reach the process as system properties, arguments as they are typed.
 */
@QuarkusMainIntegrationTest
@WithTestResource(StoppedJob.Settings.class)
class CommandsExecutableIT {

    private final StoppedJob job = StoppedJob.of(StoppedJob.Settings.class);

    private final Set<String> ran = new TreeSet<>();
    private QuarkusMainLauncher launcher;

    @Test
    void shouldRunEveryCommand(QuarkusMainLauncher packaged) throws IOException {
        launcher = packaged;
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
        LaunchResult cancelled = launch("run");
        assertThat(cancelled.exitCode()).as("a worker of a cancelled job").isEqualTo(1);
        assertThat(cancelled.getOutput()).contains("cairn job start");
        said("job", "start");

        LaunchResult refused = launch("checkpoints", "delete", newest(list, 1));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.getErrorOutput()).contains("--force");

        assertThat(said("completion")).contains("--older-than");
        LaunchResult unhealthy = launch("health", "--url", "http://localhost:1/q/health");
        assertThat(unhealthy.exitCode()).isEqualTo(1);
        assertThat(unhealthy.getErrorOutput()).contains("no answer from http://localhost:1/q/health/ready");
        assertThat(launcher.launch("--version").getOutput()).startsWith("cairn ");

        assertThat(ran).as("commands that have run").isEqualTo(commands());
    }

    private static Set<String> commands() {
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

    private JsonNode json(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--output", "json"));
        return new ObjectMapper().readTree(said(all.toArray(String[]::new)));
    }

    private String said(String... arguments) {
        LaunchResult result = launch(arguments);
        assertThat(result.exitCode())
                .as("%s: %s%s", List.of(arguments), result.getOutput(), result.getErrorOutput())
                .isZero();
        return result.getOutput();
    }

    private LaunchResult launch(String... arguments) {
        commands().stream()
                .filter(command -> (String.join(" ", arguments) + " ").startsWith(command + " "))
                .forEach(ran::add);
        return launcher.launch(arguments);
    }
}
