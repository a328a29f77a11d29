package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/**
 * Checkpoints and savepoints that each release has written, below {@code src/test/resources/checkpoints/<version>}: this version
 * reads every value of them. A change of the format that old ones do not survive fails here. Each release adds its own:
 * {@code -Dcairn.test.write-checkpoints=src/test/resources/checkpoints/<version>}, and never changes those that are there.
 */
class EarlierCheckpointsIT {

    private static final Path ALL = Path.of("src", "test", "resources", "checkpoints");
    private static final String WRITE = "cairn.test.write-checkpoints";
    private static final String JOB = "earlier";
    private static final String VALUES = "values.json";
    private static final String JOB_WITH_BASE = "earlier-whole";
    private static final int RECORDS = 400;
    private static final int CHECKPOINTS = 4;
    private static final int KEYS = 20;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    /** The directories of jobs, and the savepoints, of each version. */
    static Stream<Path> snapshots() {
        List<Path> all = directoriesIn(ALL).stream()
                .flatMap(version -> Stream.of(version.resolve("checkpoints"), version.resolve("savepoints")))
                .flatMap(kind -> directoriesIn(kind).stream())
                .toList();
        assertThat(all).isNotEmpty();
        return all.stream();
    }

    private static List<Path> directoriesIn(Path directory) {
        try (Stream<Path> found = Files.list(directory)) {
            return found.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("snapshots")
    void shouldReadEveryValueThatAnEarlierVersionWrote(Path snapshot) throws IOException {
        // Given: a job of another name, without a record: all that it knows is from there
        Path version = snapshot.getParent().getParent();
        String name = "from-" + version.getFileName() + "-" + snapshot.getFileName();
        SmallJob job = SmallJob.create(broker, directory, name.replace('.', '-'));
        JsonNode values = new ObjectMapper().readTree(Files.readAllBytes(version.resolve(VALUES)));
        assertThat(values).hasSize(KEYS);

        // When
        try (WorkerProcess worker = job.worker()
                .set("execution.state-recovery.path", snapshot.toAbsolutePath().toString())
                .start()) {
            worker.awaitOutput("begins from ", LIMIT);

            // Then
            assertThat(values(worker)).as(name).isEqualTo(values);
        }
    }

    /** Makes what a release adds: deltas as files and inlined, a base, and a savepoint. */
    @Test
    @EnabledIfSystemProperty(named = WRITE, matches = ".+")
    void writeThoseOfThisVersion() throws Exception {
        Path target = Path.of(System.getProperty(WRITE)).toAbsolutePath();
        Files.createDirectories(target);
        Map<String, String> deltas = Map.of("state.backend.fs.memory-threshold", "0");
        Map<String, String> inlined = Map.of("state.backend.fs.memory-threshold", "20kb");
        Map<String, String> whole = Map.of("state.backend.incremental", "false");
        ObjectNode values = write(JOB, List.of(deltas, inlined));
        assertThat(write(JOB_WITH_BASE, List.of(deltas, whole))).isEqualTo(values);
        Files.writeString(target.resolve(VALUES), values.toPrettyString() + "\n");
        Cairn.Result made = Cairn.in(
                directory,
                Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()),
                "savepoint",
                "create",
                "--job",
                JOB,
                "--dir",
                directory.resolve("checkpoints").toString(),
                target.resolve("savepoints").toString());
        assertThat(made.exitCode()).as(made.err()).isZero();
        copy(directory.resolve("checkpoints"), target.resolve("checkpoints"));
    }

    /** @param settings of one worker after the other @return every value */
    private ObjectNode write(String name, List<Map<String, String>> settings) {
        SmallJob job = SmallJob.create(broker, directory, name);
        ObjectNode values = null;
        for (Map<String, String> each : settings) {
            try (WorkerProcess worker = job.worker().set(each).start()) {
                for (int i = 0; i < CHECKPOINTS; i++) {
                    job.send(RECORDS / settings.size() / CHECKPOINTS).awaitCaughtUp();
                }
                values = values(worker);
                worker.terminate(LIMIT);
            }
        }
        return values;
    }

    /** Every value, by its key; once the worker has all partitions. */
    private static ObjectNode values(WorkerProcess worker) {
        ObjectNode values = new ObjectMapper().createObjectNode();
        for (int i = 0; i < KEYS; i++) {
            int partition = i % SmallJob.PARTITIONS;
            String key = "key-" + partition + "-" + i;
            JsonNode answer =
                    await(key).atMost(LIMIT).ignoreExceptions().until(() -> ask(worker, key, partition), found -> true);
            values.set(key, answer.path("value"));
        }
        return values;
    }

    private static JsonNode ask(WorkerProcess worker, String key, int partition) throws IOException {
        return new ObjectMapper()
                .readTree(given().baseUri("http://localhost")
                        .port(worker.httpPort())
                        .get("/state/aggregate/" + key + "?partition=" + partition)
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
