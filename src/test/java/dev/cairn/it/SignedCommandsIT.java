package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.Scrape;
import dev.cairn.testkit.worker.WorkerProcess;

/** Packaged workers with a common secret, and someone who may write to their topic of commands without having it. */
class SignedCommandsIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** The first, if the one that counts was given more than half a minute later. */
    private static final List<String> REPLAYED = List.of("outdated", "repeated");

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldFollowOnlyWhatWorkersOfTheJobHaveSigned() {
        // Given: two jobs with the same secret
        SmallJob job = SmallJob.create(broker, directory, "signed").send(20);
        SmallJob other = SmallJob.create(broker, directory.resolve("other"), "signed-other")
                .send(20);
        String foreign;
        try (WorkerProcess worker = other.worker().start()) {
            other.awaitCaughtUp();
            done(worker, "/job/pause");
            foreign = lastCommand(other);
        }
        String paused;
        String resumed;
        try (WorkerProcess worker = job.worker().start()) {
            job.awaitCaughtUp();

            // When, Then: right
            done(worker, "/job/pause");
            paused = lastCommand(job);
            state(worker, "PAUSED");
            done(worker, "/job/resume");
            resumed = lastCommand(job);
            state(worker, "RUNNING");

            // Unsigned, of another job, altered, forged, replayed
            ignored(worker, job, "unsigned", "{\"kind\":\"pause\"}");
            ignored(worker, job, "unsigned", "{\"kind\":\"cancel\",\"id\":\"mine\",\"by\":\"worker-1\"}");
            ignored(worker, job, "forged", foreign);
            ignored(worker, job, "forged", resumed.replace("\"resume\"", "\"pause\""));
            ignored(worker, job, "forged", resumed.replace("\"resume\"", "\"cancel\""));
            ignored(worker, job, "forged", paused.replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"another\""));
            ignored(worker, job, "forged", paused.replaceFirst("\"signature\":\"[^\"]*\"", "\"signature\":\"00\""));
            ignored(worker, job, REPLAYED, paused);
            state(worker, "RUNNING");
            assertThat(worker.output())
                    .filteredOn(line -> line.contains("ignored a command: it is not signed"))
                    .as("warnings, one a minute")
                    .hasSizeBetween(1, 2);

            // When it is paused when it ends
            done(worker, "/job/pause");
            paused = lastCommand(job);
            worker.terminate(LIMIT);
        }
        Topics.send(broker, job.name() + "-cairn-commands", "state", resumed);
        Topics.send(broker, job.name() + "-cairn-commands", "state", "{\"kind\":\"resume\"}");
        try (WorkerProcess worker = job.worker().start()) {

            // Then: what was signed before still holds
            worker.awaitOutput("this worker is paused", LIMIT);
            job.send(20);
            ignored(worker, job, REPLAYED, resumed);
            state(worker, "PAUSED");

            // When
            done(worker, "/job/resume");

            // Then
            job.awaitCaughtUp();
            state(worker, "RUNNING");
        }
        job.verifyExactlyOnce();
    }

    private void ignored(WorkerProcess worker, SmallJob job, String reason, String command) {
        ignored(worker, job, List.of(reason), command);
    }

    private void ignored(WorkerProcess worker, SmallJob job, List<String> reasons, String command) {
        double before = count(worker, reasons);
        Topics.send(broker, job.name() + "-cairn-commands", "state", command);
        await("ignored: " + command).atMost(LIMIT).until(() -> count(worker, reasons) == before + 1);
    }

    private static double count(WorkerProcess worker, List<String> reasons) {
        Scrape scrape = Scrape.of(worker);
        return reasons.stream()
                .mapToDouble(reason -> scrape.sum("cairn_commands_ignored_total", "reason=\"" + reason + "\""))
                .sum();
    }

    private static void done(WorkerProcess worker, String path) {
        String id = await(path)
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(
                        () -> given().baseUri("http://localhost")
                                .port(worker.httpPort())
                                .post(path)
                                .then()
                                .statusCode(202)
                                .extract()
                                .<String>path("request-id"),
                        answer -> answer != null);
        await(path).atMost(LIMIT).untilAsserted(() -> given().baseUri("http://localhost")
                .port(worker.httpPort())
                .get("/operations/" + id)
                .then()
                .body("status.id", equalTo("COMPLETED"))
                .body("operation.failure-cause", equalTo(null)));
    }

    private static void state(WorkerProcess worker, String state) {
        await(state).atMost(LIMIT).untilAsserted(() -> given().baseUri("http://localhost")
                .port(worker.httpPort())
                .get("/job")
                .then()
                .body("state", equalTo(state)));
    }

    private String lastCommand(SmallJob job) {
        List<ConsumerRecord<String, String>> records =
                Readers.readCommitted(broker, job.name() + "-cairn-commands").records();
        return records.get(records.size() - 1).value();
    }
}
