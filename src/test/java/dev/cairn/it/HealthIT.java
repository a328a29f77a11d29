package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Ports;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.StoppableBroker;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.Scrape;
import dev.cairn.testkit.worker.WorkerProcess;

/** What a platform and an operator learn of a worker, by its health. */
class HealthIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldBeStartedReadyAndAliveWhileItWorks() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "health-good").send(200);

        // When
        try (WorkerProcess worker = job.worker().start()) {
            awaitReady(worker);
            job.awaitCaughtUp();

            // Then
            WorkerProcess.Health started = worker.health("started");
            assertThat(started.isUp()).isTrue();
            assertThat(data(started, "group").toString()).contains("every loop has joined the group");
            WorkerProcess.Health live = worker.health("live");
            assertThat(live.isUp()).isTrue();
            assertThat(data(live, "loops").path("worker").asText()).isEqualTo("RUNNING");
            assertThat(data(live, "loops").path("cairn-loop-0").asText()).startsWith("RUNNING, last turn ");
            WorkerProcess.Health ready = worker.health("ready");
            assertThat(data(ready, "partitions").path("running").asInt()).isEqualTo(2);
            assertThat(data(ready, "checkpoints").path("last").asText()).startsWith("chk-");
            assertThat(data(ready, "checkpoints").path("failed").asInt()).isZero();
            assertThat(names(ready)).doesNotContain("SmallRye");
        }
    }

    @Test
    void shouldAnswerProbesWhileItStarts() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "health-starting");
        String away = "localhost:" + Ports.free();

        // When: Kafka does not answer
        try (WorkerProcess worker =
                job.worker().set("kafka.bootstrap.servers", away).start()) {
            await("the port").atMost(LIMIT).until(() -> worker.health("live").isUp());

            // Then
            WorkerProcess.Health ready = worker.health("ready");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(data(ready, "partitions").path("worker").asText()).isEqualTo("is being started");
            assertThat(worker.health("started").isUp()).isFalse();
            assertThat(Errors.endOf(worker)).contains("Kafka cannot be reached at kafka.bootstrap.servers=" + away);
        }
    }

    @Test
    void shouldNotBeReadyWhilePartitionIsParkedAndSayWhy() throws IOException {
        // Given
        SmallJob job = stopped("health-parked");
        Path metadata = SmallJob.files(job.checkpoints(1), "_metadata").get(0);
        Path aside = Files.move(metadata, directory.resolve("aside"));

        // When
        try (WorkerProcess worker = job.worker().start()) {
            worker.awaitOutput("partition 1 is parked", LIMIT);
            worker.awaitOutput("Listening on", LIMIT);

            // Then
            WorkerProcess.Health ready = worker.health("ready");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(data(ready, "partitions").path("partition-1").asText())
                    .startsWith("partition 1 is parked: ")
                    .contains("_metadata does not exist", "Restore the object");
            assertThat(worker.health("live").isUp()).isTrue();
            assertThat(worker.health("started").isUp()).isTrue();

            Files.move(aside, metadata);
            awaitReady(worker);
        }
    }

    @Test
    void shouldNotBeReadyWhilePartitionIsBeingRestored() throws IOException {
        // Given: a store that does not answer
        SmallJob job = stopped("health-restoring");
        Path aside = Files.move(job.checkpoints(0), directory.resolve("aside"));
        Files.writeString(job.checkpoints(0), "in the way");

        // When
        try (WorkerProcess worker = job.worker().start()) {
            await("partition 1 runs")
                    .atMost(LIMIT)
                    .until(() -> data(worker.health("ready"), "partitions")
                                    .path("running")
                                    .asInt()
                            == 1);

            // Then
            WorkerProcess.Health ready = worker.health("ready");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(data(ready, "partitions").path("partition-0").asText())
                    .isEqualTo("partition 0 is being restored");
            assertThat(worker.health("live").isUp()).isTrue();

            Files.delete(job.checkpoints(0));
            Files.move(aside, job.checkpoints(0));
            awaitReady(worker);
        }
    }

    @Test
    void shouldBeAliveButNotReadyWhileNoCheckpointArrives() throws IOException {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "health-overdue").send(200);

        // When
        try (WorkerProcess worker = job.worker()
                .set("execution.checkpointing.timeout", "3s")
                .set("execution.checkpointing.tolerable-failed-checkpoints", "1000")
                .start()) {
            job.awaitCaughtUp();
            Path checkpoints = directory.resolve("checkpoints");
            Path aside = Files.move(checkpoints, directory.resolve("aside"));
            job.send(200);
            await("the checkpoint is overdue")
                    .atMost(LIMIT)
                    .until(() -> worker.health("ready").status() == 503);

            // Then
            WorkerProcess.Health ready = worker.health("ready");
            assertThat(data(ready, "checkpoints").path("cairn-loop-0").asText())
                    .matches("cairn-loop-0 has had no checkpoint for \\d+ s, overdue after 3 s.*");
            assertThat(data(ready, "store").path("write").asText()).startsWith("has failed for ");
            assertThat(worker.health("live").isUp()).isTrue();

            Files.move(aside, checkpoints);
            job.awaitCaughtUp();
            awaitReady(worker);
            worker.terminate(LIMIT);
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldBeAliveWhileItsMemoryIsFullAndACheckpointIsUnderWay() throws IOException {
        // Given: the changes may take an eighth of this heap
        SmallJob job = SmallJob.create(broker, directory, "health-stalled").send(200);
        try (WorkerProcess worker = job.worker().jvm("-Xmx64m").start()) {
            job.awaitCaughtUp();
            Path checkpoints = directory.resolve("checkpoints");
            Path aside = Files.move(checkpoints, directory.resolve("aside"));

            // When
            job.sendLargeKeys(20_000);
            await("it waits for a checkpoint").atMost(LIMIT).until(() -> loop(worker)
                    .startsWith("RUNNING, waits for a checkpoint"));

            // Then: it continues to turn
            await().during(A_WHILE).atMost(LIMIT).untilAsserted(() -> {
                assertThat(worker.health("live").isUp()).isTrue();
                assertThat(loop(worker)).startsWith("RUNNING, waits for a checkpoint, last turn ");
            });
            assertThat(millisSinceLastTurn(loop(worker))).isLessThan(A_WHILE.toMillis());

            Files.move(aside, checkpoints);
            job.awaitCaughtUp();
            assertThat(loop(worker)).startsWith("RUNNING, last turn ");
            worker.terminate(LIMIT);
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldBeAliveButNotReadyWhileTheBrokerIsAwayAndSaySoEverywhere() {
        // Given
        try (StoppableBroker own = Brokers.own(directory.resolve("broker"))) {
            SmallJob job = SmallJob.create(own, directory, "health-away").send(200);
            try (WorkerProcess worker =
                    job.worker().set("cairn.status.interval", "1s").start()) {
                job.awaitCaughtUp();
                awaitReady(worker);
                await("running, lag 0").atMost(LIMIT).untilAsserted(() -> {
                    assertThat(json(worker, "/job").path("state").asText()).isEqualTo("RUNNING");
                    assertThat(json(worker, "/job").path("lag").asLong(-1)).isZero();
                });

                // When
                own.kill();
                await("not ready")
                        .atMost(LIMIT)
                        .until(() -> worker.health("ready").status() == 503);

                // Then
                assertThat(data(worker.health("ready"), "kafka").path("kafka").asText())
                        .startsWith("Kafka has not answered for 1");
                assertThat(worker.health("live").isUp()).isTrue();
                JsonNode shown = json(worker, "/job");
                assertThat(shown.path("state").asText()).isEqualTo("UNREACHABLE");
                assertThat(shown.path("reasons").path(0).path("text").asText())
                        .startsWith("worker-1: Kafka has not answered for 1");
                assertThat(shown.has("lag")).isTrue();
                assertThat(shown.path("lag").isNull()).isTrue();
                assertThat(shown.path("unknown").toString()).contains("lag");
                JsonNode self = json(worker, "/workers").path(0);
                assertThat(self.path("state").asText()).isEqualTo("RUNNING");
                assertThat(self.path("condition").asText()).isEqualTo("UNREACHABLE");
                await("metrics, which are a second old")
                        .atMost(LIMIT)
                        .until(() -> Scrape.of(worker).sum("cairn_worker_state", "state=\"unreachable\"") == 1);
                Scrape scrape = Scrape.of(worker);
                assertThat(scrape.sum("cairn_worker_state")).isEqualTo(1);
                assertThat(scrape.sum("cairn_lag_records")).isNaN();
                assertThat(scrape.sum("cairn_kafka_last_contact_seconds")).isBetween(9.0, 60.0);
                worker.awaitOutput("unreachable, 0 records/s, lag unknown, .*: Kafka has not answered for .*", LIMIT);

                // When
                own.start();
                job.send(100).awaitCaughtUp();

                // Then
                awaitReady(worker);
                await("running again")
                        .atMost(LIMIT)
                        .until(() -> json(worker, "/job").path("state").asText().equals("RUNNING"));
            }
        }
    }

    @Test
    void shouldShowTheJobDegradedWhileAWorkerWithPartitionsDoesNotAnswer() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "health-owner").send(200);
        try (WorkerProcess one =
                job.worker().set("kafka.session.timeout.ms", "12000").start()) {
            awaitReady(one);
            try (WorkerProcess two = job.worker()
                    .set("cairn.instance", "worker-2")
                    .set("kafka.session.timeout.ms", "12000")
                    .start()) {
                await("each has a partition")
                        .atMost(LIMIT)
                        .until(() -> json(one, "/workers")
                                        .findValuesAsText("condition")
                                        .equals(List.of("RUNNING", "RUNNING"))
                                && json(one, "/workers")
                                                .path(0)
                                                .path("partitions")
                                                .size()
                                        == 1
                                && json(one, "/workers")
                                                .path(1)
                                                .path("partitions")
                                                .size()
                                        == 1);
                int left =
                        json(one, "/workers").path(1).path("partitions").path(0).asInt();

                // When
                two.kill9();

                // Then: the group still counts on it
                await("degraded")
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> json(one, "/job").path("state").asText().equals("DEGRADED"));
                assertThat(json(one, "/job")
                                .path("reasons")
                                .path(0)
                                .path("text")
                                .asText())
                        .startsWith("worker-2 does not answer: ")
                        .endsWith("; the group last gave it partition " + left);
                assertThat(json(one, "/job").path("lag").isNull()).isTrue();
                assertThat(one.health("ready").isUp()).isTrue();

                // Then: the group has noticed
                await("running")
                        .atMost(LIMIT)
                        .until(() -> json(one, "/job").path("state").asText().equals("RUNNING"));
            }
        }
    }

    private static String loop(WorkerProcess worker) {
        return data(worker.health("live"), "loops").path("cairn-loop-0").asText();
    }

    private static long millisSinceLastTurn(String loop) {
        return Long.parseLong(loop.replaceAll(".*last turn (\\d+) ms ago", "$1"));
    }

    private SmallJob stopped(String name) {
        SmallJob job = SmallJob.create(broker, directory, name).send(200);
        try (WorkerProcess worker = job.worker().start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        return job;
    }

    private static void awaitReady(WorkerProcess worker) {
        await("ready").atMost(LIMIT).until(() -> worker.health("ready").isUp());
    }

    private static JsonNode data(WorkerProcess.Health health, String check) {
        for (JsonNode each : health.body().path("checks")) {
            if (each.path("name").asText().equals(check)) {
                return each.path("data");
            }
        }
        return health.body().path("no check " + check);
    }

    private static JsonNode json(WorkerProcess worker, String path) {
        try (InputStream answer = URI.create("http://localhost:" + worker.httpPort() + path)
                .toURL()
                .openStream()) {
            return new ObjectMapper().readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    private static String names(WorkerProcess.Health health) {
        return String.join(", ", health.body().path("checks").findValuesAsText("name"));
    }
}
