package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.storage.StoreOptions;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.store.RadosGateway;
import dev.cairn.testkit.store.S3Server;
import dev.cairn.testkit.store.S3Service;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;

/** Every command, on a job that runs and that has ended, wherever its checkpoints are and whatever the machine speaks. */
class EveryCommandIT {

    private static final int PARTITIONS = 2;
    private static final String BUCKET = "checkpoints";

    private final TestBroker broker = Brokers.shared();
    private final Locale machines = Locale.getDefault();
    private final Set<String> typed = new TreeSet<>();
    private final List<String> printed = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void forget() {
        Locale.setDefault(machines);
        System.getProperties()
                .keySet()
                .removeIf(name -> name.toString().startsWith("quarkus.s3.") || name.equals("kafka.bootstrap.servers"));
    }

    @Test
    void shouldWorkInS3() throws IOException {
        try (S3Server server = S3Server.start(Files.createDirectory(directory.resolve("s3")))) {
            workIn(server);
        }
    }

    @Test
    @Tag("ceph")
    void shouldWorkOnCephsGateway() throws IOException {
        try (RadosGateway gateway = RadosGateway.start(Files.createDirectory(directory.resolve("ceph")))) {
            workIn(gateway);
        }
    }

    private void workIn(S3Service service) {
        service.settings().forEach(System::setProperty);
        try (S3Client client = service.client()) {
            client.createBucket(request -> request.bucket(BUCKET));
            String location = "s3://" + BUCKET + "/prod";
            TestJob job = new TestJob(broker, directory, PARTITIONS).set("state.backend.fs.memory-threshold", "0");

            typeAll(job, location, objects -> {
                objects.close();
                return ObjectStores.openForCheckpoints(location, () -> client, StoreOptions.DEFAULT);
            });
        }
        assertThat(typed).containsExactlyElementsOf(commands());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG", "tr-TR", "th-TH-u-ca-buddhist-nu-thai"})
    void shouldPrintAndStoreTheSameInEveryLanguage(String language) throws IOException {
        // Given
        Locale.setDefault(Locale.forLanguageTag(language));
        TestJob job = new TestJob(broker, directory, PARTITIONS)
                .set("state.backend.fs.memory-threshold", "0")
                .set("execution.checkpointing.mode", "exactly_once")
                .set("execution.checkpointing.externalized-checkpoint-retention", "retain_on_cancellation")
                .set("cairn.input.start", "EARLIEST")
                .set("execution.checkpointing.min-pause", "10MS");

        // When
        typeAll(job, job.checkpoints().toString(), UnaryOperator.identity());

        // Then
        assertThat(typed).containsExactlyElementsOf(commands());
        assertThat(printed).isNotEmpty().allSatisfy(line -> assertThat(line)
                .matches("[\\x20-\\x7e\\n]*")
                .doesNotContainPattern("[0-9],[0-9]")
                .doesNotContain("2569"));
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.map(file -> directory.relativize(file).toString()))
                    .anyMatch(file -> file.endsWith(".sst"))
                    .allMatch(file -> file.matches("[\\x20-\\x7e]*"));
        }
    }

    private void typeAll(TestJob job, String location, UnaryOperator<ObjectStore> objects) {
        System.setProperty("kafka.bootstrap.servers", broker.bootstrapServers());
        String name = job.name();
        String[] which = {"--dir", location, "--job", name};
        String path = location + "/" + name;
        String savepoints = location + "-savepoints";
        try (EmbeddedWorker worker = job.worker("a", new StepGate(), objects).start()) {
            worker.awaitRunning(0);
            job.send(20, 5);
            job.awaitCommitted();

            type("job list", "--dir", location);
            type("job status", which);
            type("checkpoints list", which);
            assertThat(json("checkpoints list", which)).hasSizeGreaterThanOrEqualTo(PARTITIONS);
            json("job status", which);
            type("state get", path, "total", "p0-k0");
            type("savepoint create", savepoints, "--dir", location, "--job", name);
            json("stop", "--savepoint", savepoints, "--dir", location, "--job", name, "--drain");
        }
        String newest = path + "/partition-0/chk-"
                + json("checkpoints list", which).at("/0/number").asText();
        type("checkpoints inspect", newest);
        json("checkpoints inspect", newest);
        type("checkpoints verify", path);
        type("state export", path);
        String savepoint = json("savepoint create", savepoints, "--dir", location, "--job", name)
                .get("path")
                .asText();
        type("savepoint rescale", savepoint, "--partitions", "3", "--allow-undrained");
        json("savepoint dispose", savepoint);
        json("job start", which);
        json("job cancel", which);
        assertThat(type("completion")).contains("savepoint", "--older-than");
        type("checkpoints gc", "--dir", location, "--job", name, "--older-than", "0s");
        json("checkpoints gc", "--dir", location, "--job", name, "--older-than", "0s", "--dry-run");
        type("checkpoints delete", path, "--force");
        Typed nothing = Typed.command("checkpoints", "list", "--dir", location, "--job", name);
        assertThat(nothing.exitCode()).isEqualTo(1);
        assertThat(nothing.err()).contains("has no checkpoints");
    }

    private JsonNode json(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--output", "json"));
        return Typed.json(type(command, all.toArray(String[]::new)));
    }

    private String type(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command.split(" ")));
        all.addAll(List.of(arguments));
        Typed result = Typed.command(all.toArray(String[]::new));
        assertThat(result.exitCode())
                .as("%s: %s%s", all, result.out(), result.err())
                .isZero();
        assertThat(result.err()).as("%s", all).isEmpty();
        typed.add(command);
        printed.add(result.out());
        return result.out();
    }

    /** All of them, but those that are about a process of its own. */
    private static Set<String> commands() {
        Set<String> commands = new TreeSet<>();
        CommandLines.create().getSubcommands().forEach((name, group) -> {
            Map<String, CommandLine> below = group.getSubcommands();
            if (below.isEmpty()) {
                commands.add(name);
            }
            below.keySet().forEach(command -> commands.add(name + " " + command));
        });
        commands.remove("run");
        // Needs the HTTP port of a whole worker: see HealthCommandTest and CommandsExecutableIT.
        commands.remove("health");
        return commands;
    }
}
