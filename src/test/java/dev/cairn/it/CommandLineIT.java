package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** The packaged commands, on the checkpoints of a worker that runs, and of one that has stopped. */
class CommandLineIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldLookAtCheckpointsBesideARunningWorker() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "command-running").send(200);
        try (WorkerProcess worker = job.worker().start()) {
            job.awaitCaughtUp();
            Map<String, String> settings = Map.of(
                    "QUARKUS_HTTP_PORT", Integer.toString(worker.httpPort()),
                    "STATE_CHECKPOINTS_DIR", checkpoints(),
                    "CAIRN_JOB", job.name());

            // When
            Cairn.Result list = cairn(settings, "checkpoints", "list", "--output", "json");
            Cairn.Result jobs = cairn(settings, "job", "list");

            // Then
            assertThat(list.exitCode()).as(list.err()).isZero();
            assertThat(list.err()).isEmpty();
            assertThat(list.json().findValuesAsText("partition")).contains("0", "1");
            assertThat(jobs.out()).contains("command-running  2 ");
            assertThat(worker.health("live").isUp()).isTrue();
            worker.terminate(LIMIT);
            Errors.none(worker);
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldInspectAndVerifyWhatAWorkerLeft() throws Exception {
        // Given
        SmallJob job = stopped("command-stopped");
        Path checkpoint = newest(job).getParent();

        // When
        Cairn.Result list = cairn(Map.of(), "checkpoints", "list", "--dir", checkpoints(), "--job", job.name());
        Cairn.Result inspect = cairn(Map.of(), "checkpoints", "inspect", checkpoint.toString(), "-o", "json");
        Cairn.Result verify =
                cairn(Map.of(), "checkpoints", "verify", directory.resolve("checkpoints/" + job.name()) + "/");

        // Then
        assertThat(list.exitCode()).isZero();
        assertThat(list.out()).contains(checkpoint.getFileName().toString(), "yes, marked", "command-stopped-in=");
        assertThat(inspect.exitCode()).isZero();
        assertThat(inspect.json().at("/job").asText()).isEqualTo(job.name());
        assertThat(verify.exitCode()).as(verify.out() + verify.err()).isZero();
        assertThat(verify.out().lines().filter(line -> line.endsWith("whole"))).hasSize(2);
        assertThat(List.of(list.err(), inspect.err(), verify.err())).containsOnly("");
    }

    @Test
    void shouldNameDamagedObject() throws Exception {
        // Given
        SmallJob job = stopped("command-damaged");
        List<Path> deltas = SmallJob.files(job.checkpoints(0), ".sst");
        Path delta = deltas.get(deltas.size() - 1);
        SmallJob.flipByte(delta, 20);

        // When
        Cairn.Result verify =
                cairn(Map.of(), "checkpoints", "verify", job.checkpoints(0).toString());
        Cairn.Result whole =
                cairn(Map.of(), "checkpoints", "verify", job.checkpoints(1).toString());
        Cairn.Result json = cairn(Map.of(), "checkpoints", "verify", newest(job).toString(), "--output", "json");

        // Then
        assertThat(verify.exitCode()).isEqualTo(1);
        assertThat(verify.out()).contains(delta.getFileName() + " is not what was written", "Restore the object");
        assertThat(verify.err()).isEmpty();
        assertThat(whole.exitCode()).isZero();
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.json().at("/0/bad/0/object").asText())
                .endsWith(delta.getFileName().toString());
    }

    @Test
    void shouldExplainItselfAndRefuseBadUsage() throws Exception {
        // When
        Cairn.Result help = cairn(Map.of(), "--help");
        Cairn.Result unknown = cairn(Map.of(), "checkpoints", "lsit");
        Cairn.Result unset = cairn(Map.of(), "checkpoints", "list");

        // Then
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("run", "checkpoints", "job");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err().lines()).singleElement().asString().contains("lsit", "--help");
        assertThat(unset.exitCode()).isEqualTo(1);
        assertThat(unset.err().lines()).singleElement().asString().contains("--job", "cairn.job", "CAIRN_JOB");
        assertThat(unknown.out() + unset.out()).isEmpty();
    }

    @Test
    void shouldOpenNoPort() throws Exception {
        // Given
        stopped("command-port");
        try (ServerSocket taken = new ServerSocket(0)) {

            // When
            Cairn.Result jobs = cairn(
                    Map.of("QUARKUS_HTTP_PORT", Integer.toString(taken.getLocalPort())),
                    "job",
                    "list",
                    "--dir",
                    checkpoints());

            // Then
            assertThat(jobs.exitCode()).as(jobs.err()).isZero();
            assertThat(jobs.err()).isEmpty();
        }
    }

    @Test
    void shouldRunTheWorkerByItsName() throws Exception {
        // When
        Cairn.Result run = cairn(Map.of("QUARKUS_HTTP_PORT", "0"), "run");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("There are ", "cairn.job: required").doesNotContain("started in");
    }

    /** Nothing inlined, so that there are objects. */
    private SmallJob stopped(String name) {
        SmallJob job = SmallJob.create(broker, directory, name).send(200);
        try (WorkerProcess worker =
                job.worker().set("state.backend.fs.memory-threshold", "0").start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        return job;
    }

    private String checkpoints() {
        return directory.resolve("checkpoints").toString();
    }

    private static Path newest(SmallJob job) {
        List<Path> metadata = SmallJob.files(job.checkpoints(0), "_metadata");
        return metadata.get(metadata.size() - 1);
    }

    private Cairn.Result cairn(Map<String, String> settings, String... arguments)
            throws IOException, InterruptedException {
        return Cairn.in(directory, settings, arguments);
    }
}
