package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.store.S3Server;
import dev.cairn.testkit.worker.WorkerProcess;

/** The workers of docker/compose.yaml with the settings that it gives them, as processes: without containers, and so without images. */
class ComposeIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int PARTITIONS = 8;

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldWorkTogetherAndBeControlledByTheTokenOfTheFile() throws Exception {
        // Given: topics, a bucket, and traffic as the file makes it
        JsonNode services = compose().path("services");
        JsonNode settings = services.at("/worker-1/environment");
        String topic = settings.path("CAIRN_INPUT_TOPICS").asText();
        broker.createTopic(topic, PARTITIONS);
        broker.createTopic(settings.path("CAIRN_OUTPUT_TOPIC").asText(), PARTITIONS);
        List<ProducerRecord<byte[], byte[]>> traffic = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            traffic.add(Topics.record(topic, "sensor-" + i % 100, "{\"celsius\":" + i % 40 + "}"));
        }
        Topics.send(broker, traffic);
        Files.createDirectories(directory.resolve("s3").resolve("cairn"));

        try (S3Server s3 = S3Server.start(directory.resolve("s3"));
                WorkerProcess one = worker(services.path("worker-1"), s3).start();
                WorkerProcess two = worker(services.path("worker-2"), s3).start()) {
            // When
            await("both are healthy").atMost(LIMIT).until(() -> isHealthy(one) && isHealthy(two));
            Workers.awaitCaughtUp(broker, settings.path("CAIRN_JOB").asText(), topic);

            // Then
            at(one).get("/keys").then().statusCode(401);
            String token = settings.path("CAIRN_SECURITY_OPERATOR_TOKEN").asText();
            for (WorkerProcess worker : List.of(one, two)) {
                RequestSpecification operator = at(worker).header("Authorization", "Bearer " + token);
                operator.get("/keys").then().statusCode(200);
                operator.get("/config").then().statusCode(200);
            }

            // When
            String id = at(two).header("Authorization", "Bearer " + token)
                    .contentType(ContentType.JSON)
                    .body("{}")
                    .post("/savepoints")
                    .then()
                    .statusCode(202)
                    .extract()
                    .path("request-id");

            // Then
            await("the savepoint").atMost(LIMIT).untilAsserted(() -> at(one).header("Authorization", "Bearer " + token)
                    .get("/operations/" + id)
                    .then()
                    .body("status.id", equalTo("COMPLETED")));
            assertThat(SmallJob.files(directory.resolve("s3/cairn/savepoints"), "_metadata"))
                    .hasSize(1);
        }
    }

    /** As the file's check asks. */
    private boolean isHealthy(WorkerProcess worker) throws Exception {
        return Cairn.in(
                                Files.createTempDirectory(directory, "health"),
                                Map.of("QUARKUS_HTTP_PORT", String.valueOf(worker.httpPort())),
                                "health")
                        .exitCode()
                == 0;
    }

    private WorkerProcess.Builder worker(JsonNode service, S3Server s3) {
        Map<String, String> settings = new HashMap<>();
        service.path("environment")
                .propertyStream()
                .forEach(variable ->
                        settings.put(variable.getKey(), variable.getValue().asText()));
        // What other services of the file are for.
        settings.put("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        settings.put("QUARKUS_S3_ENDPOINT_OVERRIDE", s3.endpoint().toString());
        String instance = settings.get("CAIRN_INSTANCE");
        return WorkerProcess.packaged()
                .name("compose-" + instance)
                .set(settings)
                .set(
                        "taskmanager.state.local.root-dirs",
                        directory.resolve("state-" + instance).toString());
    }

    private static RequestSpecification at(WorkerProcess worker) {
        return given().baseUri("http://localhost").port(worker.httpPort());
    }

    private static JsonNode compose() throws Exception {
        try (Reader reader = Files.newBufferedReader(Path.of("docker", "compose.yaml"))) {
            Object content = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            return new ObjectMapper().valueToTree(content);
        }
    }
}
