package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.fault.RogueMember;
import dev.cairn.testkit.worker.WorkerProcess;

/** A worker among members of another version, as it is while a job is upgraded. */
class MixedFleetIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void shouldWorkOnAndSayOnceWhatItDoesNotUnderstand(int version) {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "mixed-" + version).send(100);
        try (WorkerProcess worker = job.worker().start()) {
            job.awaitCaughtUp();

            // When: a member of another version joins, and gets a partition
            try (RogueMember other =
                    RogueMember.join(broker, job.name(), job.input(), "other", "http://localhost:1", version)) {
                String kept = worker.awaitOutput("gave up partition [01] to other members", LIMIT);
                worker.awaitOutput("is of another version of Cairn: it speaks version " + version, LIMIT);

                // Then: the worker continues with the other partition
                int own = kept.contains("partition 0 ") ? 1 : 0;
                job.sendTo(own, 50);
                await("its partition is read")
                        .atMost(LIMIT)
                        .until(() -> other.isAlive()
                                && Readers.committedOffset(broker, job.name(), new TopicPartition(job.input(), own))
                                                .offset()
                                        >= 100);
                given().baseUri("http://localhost")
                        .port(worker.httpPort())
                        .get("/job")
                        .then()
                        .statusCode(200);

                // When: that version says what this one does not understand
                for (int i = 0; i < 5; i++) {
                    Topics.send(
                            broker,
                            job.name() + "-cairn-events",
                            "other",
                            "{\"version\":9,\"event\":{\"type\":\"news\"}}");
                }
                for (int i = 0; i < 5; i++) {
                    Topics.send(broker, job.name() + "-cairn-commands", "state", "{\"version\":9,\"kind\":\"pause\"}");
                }
                Topics.send(
                        broker,
                        job.name() + "-cairn-events",
                        "other",
                        "{\"version\":1,\"event\":{\"type\":\"checkpoint\"}}");

                // Then
                worker.awaitOutput("skipped what is no command: its version is 9", LIMIT);
                worker.awaitOutput("skipped what is no event: its version is 9", LIMIT);
                assertThat(worker.output().stream().filter(line -> line.contains("is of another version of Cairn")))
                        .hasSize(1);
                assertThat(worker.output().stream().filter(line -> line.contains("skipped what is no event")))
                        .hasSize(1);
                assertThat(worker.output().stream().filter(line -> line.contains("skipped what is no command")))
                        .hasSize(1);
                assertThat(worker.output()).noneMatch(line -> line.contains("the channel cairn-events has failed"));
                assertThat(worker.health("live").isUp()).isTrue();
            }
        }
    }
}
