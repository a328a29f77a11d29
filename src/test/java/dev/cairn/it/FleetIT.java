package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.testkit.worker.WorkerProcess;

/** Packaged workers that are told something through the topic of commands, and learn of each other through that of events. */
class FleetIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;

    private static final Map<String, String> SELDOM =
            Map.of("execution.checkpointing.interval", "1min", "execution.checkpointing.timeout", "1min");

    private final TestBroker broker = Brokers.shared();
    private final AggregateVerifier account = new AggregateVerifier();
    private int sent;

    @TempDir
    private Path directory;

    @Test
    void shouldDoTogetherWhatIsCommanded() throws Exception {
        // Given
        String job = "fleet";
        createTopics(job);
        send(job, 400);
        WorkerProcess two = withoutSecret(job, "two").start();
        try (WorkerProcess one = withoutSecret(job, "one").start()) {
            awaitBoth(job);
            Workers.awaitCaughtUp(broker, job, job + "-in");
            assertThat(configOf(job + "-cairn-commands", "cleanup.policy")).isEqualTo("compact");

            // When
            command(job, "state", "{\"kind\":\"pause\"}");
            command(job, "state", "nonsense");
            one.awaitOutput("this worker is paused", LIMIT);
            two.awaitOutput("this worker is paused", LIMIT);
            one.awaitOutput(job + "-cairn-commands-0 offset 1: skipped what is no command", LIMIT);
            Map<TopicPartition, OffsetAndMetadata> paused = Readers.committedOffsets(broker, job);
            two.terminate(LIMIT);
            two = withoutSecret(job, "two").start();
            two.awaitOutput("this worker is paused", LIMIT);
            awaitBoth(job);
            send(job, 400);

            // Then
            await("nothing is processed")
                    .during(Duration.ofSeconds(2))
                    .atMost(LIMIT)
                    .until(() ->
                            positions(Readers.committedOffsets(broker, job)).equals(positions(paused)));

            // When
            command(job, "state", "{\"kind\":\"resume\"}");

            // Then
            Workers.awaitCaughtUp(broker, job, job + "-in");

            // When
            String target = directory.resolve("savepoints").toString();
            command(job, "savepoint", "{\"kind\":\"savepoint\",\"target\":\"" + target + "\"}");

            // Then
            JsonNode savepoint = awaitSavepoint(Path.of(target));
            assertThat(savepoint.at("/partitionCount").asInt()).isEqualTo(PARTITIONS);
            assertThat(savepoint.at("/partitions")).hasSize(PARTITIONS);
            assertThat(savepoint.findValuesAsText("instance")).contains("one", "two");

            // When
            one.terminate(LIMIT);
            try (WorkerProcess again = withoutSecret(job, "one").start()) {
                // Then
                assertThat(again.awaitOutput("the history begins with", LIMIT)).contains("rows of 2 workers");

                // When
                command(job, "job", "{\"kind\":\"cancel\"}");

                // Then
                assertThat(again.awaitExit(LIMIT)).isZero();
                assertThat(two.awaitExit(LIMIT)).isZero();
            }
        } finally {
            two.close();
        }
        try (WorkerProcess refused = withoutSecret(job, "one").start()) {
            assertThat(refused.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(refused.output()).anyMatch(line -> line.contains("cairn job start --job " + job));
        }

        // When
        command(job, "job", "{\"kind\":\"start\"}");
        send(job, 100);
        try (WorkerProcess started = withoutSecret(job, "one").start()) {
            // Then
            started.awaitOutput("job " + job + " has been started again", LIMIT);
            Workers.awaitCaughtUp(broker, job, job + "-in");
        }
        account.verifyExactlyOnce(Readers.readCommitted(broker, job + "-out"));
        assertThat(Answers.of(broker.admin().listGroups().all()))
                .as("groups besides the job's")
                .noneMatch(group -> group.groupId().equals("cairn"));
    }

    @Test
    void shouldMakeASavepointOfWhatAllWorkersHaveAndStopThemAllWhenOneIsAsked() throws IOException {
        // Given: two workers that take no checkpoint by themselves for a minute
        String job = "asked";
        createTopics(job);
        try (WorkerProcess one = worker(job, "one").set(SELDOM).start();
                WorkerProcess two = worker(job, "two").set(SELDOM).start()) {
            awaitBoth(job);
            send(job, 400);
            awaitProcessed(one, 400);

            // When
            JsonNode savepoint = askFor(one, "/savepoints", "savepoints");

            // Then
            assertThat(savepoint.at("/partitions")).hasSize(PARTITIONS);
            assertThat(savepoint.findValuesAsText("instance")).contains("one", "two");
            assertThat(offsetsIn(savepoint)).isEqualTo(400);

            // When
            send(job, 100);
            JsonNode last = askFor(two, "/job/stop", "stopped");

            // Then
            assertThat(offsetsIn(last)).isEqualTo(500);
            assertThat(one.awaitExit(LIMIT)).isZero();
            assertThat(two.awaitExit(LIMIT)).isZero();
        }
        account.verifyExactlyOnce(Readers.readCommitted(broker, job + "-out"));
    }

    @Test
    void shouldAnswerOnEveryWorkerHowAnOperationIsGettingOn() {
        // Given
        String job = "operations";
        createTopics(job);
        send(job, 100);
        WorkerProcess one = worker(job, "one").set(SELDOM).start();
        try (WorkerProcess two = worker(job, "two").set(SELDOM).start()) {
            awaitBoth(job);
            awaitProcessed(one, 100);

            // When
            String made = begin(one, "/savepoints", "savepoints");

            // Then: at once, although it was asked of another
            at(two).get("/operations/" + made).then().statusCode(200);
            JsonPath done = awaitCompleted(two, made);
            assertThat(done.getString("operation.location")).contains("savepoint-" + job);
            assertThat(done.getMap("")).isEqualTo(awaitCompleted(one, made).getMap(""));

            try (WorkerProcess three = worker(job, "three").set(SELDOM).start()) {
                // Then: also on one that is started later
                await("it has read what there was")
                        .atMost(LIMIT)
                        .ignoreExceptions()
                        .untilAsserted(() ->
                                at(three).get("/operations/" + made).then().statusCode(200));
                assertThat(awaitCompleted(three, made).getMap("")).isEqualTo(done.getMap(""));
                at(three).get("/operations/nothing").then().statusCode(404);

                // When: an operation waits for a worker that hangs, and the worker that was asked dies
                two.suspend();
                String left = begin(one, "/checkpoints", "unused");
                await("it is told").atMost(LIMIT).untilAsserted(() -> at(three)
                        .get("/operations/" + left)
                        .then()
                        .statusCode(200)
                        .body("status.id", equalTo("IN_PROGRESS")));
                one.kill9();
                two.resume();
                one = worker(job, "one").set(SELDOM).start();

                // Then
                assertThat(awaitCompleted(three, left).getString("operation.failure-cause.message"))
                        .contains("has ended meanwhile");
                assertThat(awaitCompleted(two, left).getString("operation.failure-cause.message"))
                        .contains("has ended meanwhile");
            }
        } finally {
            one.close();
        }
    }

    @Test
    void shouldWorkAloneWithTheChannelsTurnedOff() {
        // Given
        String job = "single";
        createTopics(job);
        send(job, 100);

        // When
        try (WorkerProcess worker = worker(job, "one")
                .set("mp.messaging.incoming.cairn-commands.enabled", "false")
                .set("mp.messaging.outgoing.cairn-commands-out.enabled", "false")
                .set("mp.messaging.incoming.cairn-events.enabled", "false")
                .set("mp.messaging.outgoing.cairn-events-out.enabled", "false")
                .start()) {

            // Then
            Workers.awaitCaughtUp(broker, job, job + "-in");
            worker.awaitOutput("the channel cairn-commands is off", LIMIT);
            worker.awaitOutput("the channel cairn-events is off", LIMIT);
            worker.terminate(LIMIT);
        }
        assertThat(Answers.of(broker.admin().listTopics().names()))
                .doesNotContain(job + "-cairn-commands", job + "-cairn-events");
        account.verifyExactlyOnce(Readers.readCommitted(broker, job + "-out"));
    }

    private void createTopics(String job) {
        broker.createTopic(job + "-in", PARTITIONS);
        broker.createTopic(job + "-out", PARTITIONS);
    }

    private WorkerProcess.Builder worker(String job, String instance) {
        return Workers.aggregate(broker, directory, job, job + "-in", job + "-out")
                .name(job + "-" + instance)
                .set("cairn.instance", instance)
                .set("cairn.threads", "1")
                .set("execution.checkpointing.interval", "300ms")
                .set(
                        "cairn.savepoints.allowed-directories",
                        directory.resolve("savepoints") + "," + directory.resolve("stopped"))
                .set(
                        "taskmanager.state.local.root-dirs",
                        directory.resolve("local-" + instance).toString());
    }

    /** One that follows commands without a signature. */
    private WorkerProcess.Builder withoutSecret(String job, String instance) {
        return worker(job, instance).set("cairn.security.peer-secret", "");
    }

    private static void awaitProcessed(WorkerProcess worker, long records) {
        await("all workers together have processed " + records)
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> at(worker).get("/job").jsonPath().getLong("records") == records);
    }

    /** @return the savepoint's {@code _metadata} */
    private JsonNode askFor(WorkerProcess worker, String what, String target) throws IOException {
        JsonPath done = awaitCompleted(worker, begin(worker, what, target));
        assertThat(done.getString("operation.failure-cause")).isNull();
        Path location = Path.of(URI.create(done.getString("operation.location")));
        return new ObjectMapper().readTree(Files.readAllBytes(location.resolve("_metadata")));
    }

    private String begin(WorkerProcess worker, String what, String target) {
        return at(worker)
                .contentType(ContentType.JSON)
                .body(Map.of("target-directory", directory.resolve(target).toString()))
                .post(what)
                .then()
                .statusCode(202)
                .extract()
                .path("request-id");
    }

    private static JsonPath awaitCompleted(WorkerProcess worker, String id) {
        return await(id)
                .atMost(LIMIT)
                .until(() -> at(worker).get("/operations/" + id).jsonPath(), status -> "COMPLETED"
                        .equals(status.getString("status.id")));
    }

    private static RequestSpecification at(WorkerProcess worker) {
        return given().baseUri("http://localhost").port(worker.httpPort());
    }

    private static long offsetsIn(JsonNode savepoint) {
        return savepoint.findValuesAsText("offset").stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    private void awaitBoth(String job) {
        await("two members").atMost(LIMIT).ignoreExceptions().until(() -> {
            var members = Answers.of(broker.admin()
                            .describeConsumerGroups(List.of(job))
                            .describedGroups()
                            .get(job))
                    .members();
            return members.size() == 2
                    && members.stream()
                            .noneMatch(member ->
                                    member.assignment().topicPartitions().isEmpty());
        });
    }

    private void command(String job, String key, String text) {
        Topics.send(broker, job + "-cairn-commands", key, text);
    }

    private void send(String job, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++, sent++) {
            String key = "key-" + sent % 40;
            records.add(Topics.record(job + "-in", key, "{\"delay\":" + sent + "}"));
            account.expect(key, BigDecimal.valueOf(sent));
        }
        Topics.send(broker, records);
    }

    private String configOf(String topic, String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return Answers.of(broker.admin().describeConfigs(Set.of(resource)).all())
                .get(resource)
                .get(name)
                .value();
    }

    private static Map<TopicPartition, Long> positions(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return offsets.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .offset()));
    }

    private static JsonNode awaitSavepoint(Path target) throws IOException {
        Path metadata = await("a savepoint")
                .atMost(LIMIT)
                .until(() -> metadataIn(target), found -> found.size() == 1)
                .get(0);
        return new ObjectMapper().readTree(Files.readAllBytes(metadata));
    }

    private static List<Path> metadataIn(Path target) throws IOException {
        if (!Files.isDirectory(target)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(file -> file.getFileName().toString().equals("_metadata"))
                    .toList();
        }
    }
}
