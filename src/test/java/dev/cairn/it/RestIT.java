package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.worker.WorkerProcess;

/** What a worker answers over HTTP, by one worker that runs a small job. */
class RestIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PROBLEM = "application/problem+json";

    @TempDir
    static Path directory;

    private static SmallJob job;
    private static WorkerProcess worker;

    @BeforeAll
    static void start() {
        job = SmallJob.create(Brokers.shared(), directory, "rest").send(200);
        worker = job.worker()
                .set("state.savepoints.dir", directory.resolve("savepoints").toString())
                .set(
                        "cairn.savepoints.allowed-directories",
                        directory.resolve("elsewhere").toString())
                .set("kafka.ssl.keystore.password", "not-to-be-seen")
                .start();
        job.awaitCaughtUp();
        await("ready").atMost(LIMIT).until(() -> worker.health("ready").isUp());
    }

    @AfterAll
    static void stop() {
        if (worker != null) {
            worker.close();
        }
    }

    @Test
    void shouldShowTheJobItsWorkersAndPartitions() {
        job.awaitCaughtUp();
        await("nothing is left").atMost(LIMIT).untilAsserted(() -> get("/job").body("lag", equalTo(0)));
        get("/job")
                .body("name", equalTo("rest"))
                .body("state", equalTo("RUNNING"))
                .body("processor", equalTo("aggregate"))
                .body("mode", equalTo("EXACTLY_ONCE"))
                .body("interval", equalTo(200))
                .body("input-topics", equalTo(List.of("rest-in")))
                .body("output-topic", equalTo("rest-out"))
                .body("records", greaterThan(0))
                .body("lag", equalTo(0))
                .body("partitions", equalTo(Map.of("RUNNING", 2, "RESTORING", 0, "PARKED", 0)))
                .body("control", equalTo("open"))
                .body("duration", greaterThan(0))
                .body("$", hasKey("start-time"))
                .body("$", hasKey("now"))
                .body("$", hasKey("version"))
                .body("$", hasKey("records-per-second"));
        get("/workers")
                .body("size()", equalTo(1))
                .body("[0].instance", equalTo("worker-1"))
                .body("[0].reachable", is(true))
                .body("[0].self", is(true))
                .body("[0].state", equalTo("RUNNING"))
                .body("[0].loops[0].name", equalTo("cairn-loop-0"))
                .body("[0].loops[0].joined", is(true))
                .body("[0].partitions", equalTo(List.of(0, 1)))
                .body("[0].heap-used", greaterThan(0))
                .body("[0].partition-details", nullValue());
        get("/partitions")
                .body("partition", equalTo(List.of(0, 1)))
                .body("worker", everyItem(equalTo("worker-1")))
                .body("state", everyItem(equalTo("RUNNING")))
                .body("[0].inputs[0].topic", equalTo("rest-in"))
                .body("[0].inputs[0].position", greaterThan(0))
                .body("[0].checkpoint.id", greaterThan(0))
                .body("[0].checkpoint.external_path", containsString("partition-0/chk-"))
                .body("[0].parked", nullValue());
    }

    @Test
    void shouldTakeACheckpointAndShowWhatItWasLike() {
        // Given
        job.send(10);

        // When
        String id = begin("/checkpoints", "");

        // Then
        awaitOperation(id, "checkpoint");
        await("its row").atMost(LIMIT).untilAsserted(() -> get("/checkpoints")
                .body("history.size()", greaterThan(0))
                .body("history[0].worker", equalTo("worker-1"))
                .body("history[0].status", equalTo("COMPLETED"))
                .body("history[0].is_savepoint", is(false))
                .body("history[0].partitions[0].external_path", containsString("chk-"))
                .body(
                        "history[0].phases.keySet()",
                        equalTo(Set.of("freeze", "sort", "write", "upload", "commit", "ingest")))
                .body("counts.completed", greaterThan(0))
                .body("counts.failed", equalTo(0))
                .body("latest.completed.id", greaterThan(0))
                .body(
                        "summary.end_to_end_duration.keySet()",
                        equalTo(Set.of("min", "max", "avg", "p50", "p90", "p95", "p99", "p999")))
                .body("summary.checkpointed_size.max", greaterThan(0)));
        get("/checkpoints?limit=1").body("history.size()", equalTo(1));

        int number = get("/partitions").extract().path("[1].checkpoint.id");
        get("/checkpoints/1/" + number)
                .body("status", equalTo("COMPLETED"))
                .body("job", equalTo("rest"))
                .body("partition", equalTo(1))
                .body("number", equalTo(number))
                .body("states[0].name", equalTo("aggregate"))
                .body("positions[0].topic", equalTo("rest-in"));
        problem(at().get("/checkpoints/1/999999"), 404, "partition 1 has no chk-999999");
        problem(at().get("/checkpoints?limit=-1"), 400, "limit=-1");
    }

    @Test
    void shouldMakeASavepoint() {
        // When
        String id = begin("/savepoints", "");
        String elsewhere = begin("/savepoints", "{\"target-directory\":\"" + directory.resolve("elsewhere") + "\"}");

        // Then
        assertThat(awaitOperation(id, "savepoint").extract().<String>path("operation.location"))
                .contains(directory.resolve("savepoints").toString());
        Path location = Path.of(
                URI.create(awaitOperation(elsewhere, "savepoint").extract().<String>path("operation.location")));
        assertThat(location.getParent()).isEqualTo(directory.resolve("elsewhere"));
        assertThat(location.resolve("_metadata")).exists();
        await("its row").atMost(LIMIT).untilAsserted(() -> get("/checkpoints")
                .body("latest.savepoint.is_savepoint", is(true))
                .body("latest.savepoint.external_path", containsString("savepoint-rest-")));
    }

    @Test
    void shouldPauseAndResumeTheJob() {
        awaitOperation(begin("/job/pause", ""), "pause");
        get("/job").body("state", equalTo("PAUSED"));
        awaitOperation(begin("/job/resume", ""), "resume");
        get("/job").body("state", equalTo("RUNNING"));
    }

    @Test
    void shouldAnswerEveryErrorByAProblem() throws IOException {
        problem(at().get("/nothing"), 404, "no such path");
        problem(at().get("/q/nothing"), 404, "no such path");
        problem(at().get("/operations/nothing"), 404, "no such operation");
        problem(at().put("/job"), 405, "");
        problem(json("{\"target-directory\":").post("/savepoints"), 400, "");
        problem(json("{\"target\":\"/tmp\"}").post("/savepoints"), 400, "");
        problem(json("{\"target-directory\":\"/tmp\",\"force\":true}").post("/job/stop"), 400, "");
        problem(json("[]").post("/savepoints"), 400, "");
        problem(at().contentType(ContentType.XML).body("<a/>").post("/savepoints"), 415, "");
        await("the partitions can be asked")
                .atMost(LIMIT)
                .until(() -> at().get("/state/nothing/a").statusCode() != 503);
        problem(at().get("/state/nothing/a"), 404, "no state");

        // With a key in their paths; the first is refused before anyone knows what it is for
        assertThat(raw("GET /state/aggregate/a-secret-key%zz HTTP/1.1")).startsWith("HTTP/1.1 400");
        at().get("/state/aggregate/a-secret-key").then().statusCode(404);
        at().get("/state/aggregate/a-secret-key?consistency=nothing").then().statusCode(400);
        at().delete("/state/aggregate/a-secret-key").then().statusCode(405);
        assertThat(worker.output()).noneMatch(line -> line.contains("a-secret-key"));
    }

    @Test
    void shouldNotSayMoreThanThatItHasFailed() throws IOException {
        // Given
        Path checkpoints = job.checkpoints(0).resolve("chk-999999");
        Files.createDirectories(checkpoints);
        Files.writeString(checkpoints.resolve("_metadata"), "{");

        // When, Then
        String body = problem(at().get("/checkpoints/0/999999"), 500, "_metadata")
                .extract()
                .asString();
        assertThat(body).doesNotContain("at dev.cairn", "Exception");
        Files.delete(checkpoints.resolve("_metadata"));
        Files.delete(checkpoints);
    }

    @Test
    void shouldShowTheSettings() {
        get("/config")
                .body("find { it.key == 'cairn.job' }.value", equalTo("rest"))
                .body("find { it.key == 'cairn.job' }.default", is(false))
                .body("find { it.key == 'cairn.job' }.source", containsString("Env"))
                .body("find { it.key == 'cairn.errors' }.value", equalTo("fail"))
                .body("find { it.key == 'cairn.errors' }.default", is(true))
                .body("find { it.key == 'cairn.aggregate.value' }.value", equalTo("/delay"))
                .body("find { it.key == 'kafka.ssl.keystore.password' }.value", equalTo("******"))
                .body("find { it.key == 'quarkus.http.port' }.value", equalTo(Integer.toString(worker.httpPort())))
                .body("key", hasItem("state.checkpoints.dir"));
    }

    @Test
    void shouldSendEventsToWhoeverFollows() throws Exception {
        // Given
        List<String> names = new CopyOnWriteArrayList<>();
        List<String> data = new CopyOnWriteArrayList<>();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + worker.httpPort() + "/events"))
                .header("Accept", "text/event-stream")
                .build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");

        // When
        try (InputStream stream = response.body()) {
            CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> read(stream, names, data));
            await("how the job stands").atMost(LIMIT).until(() -> names.contains("status"));
            job.send(5);
            await("keys").atMost(LIMIT).until(() -> names.contains("keys"));
            await("a checkpoint").atMost(LIMIT).until(() -> names.contains("checkpoint"));

            // Then
            var status = new ObjectMapper().readTree(data.get(names.indexOf("status")));
            assertThat(status.path("job").path("name").asText()).isEqualTo("rest");
            assertThat(status.path("job").path("control").asText()).isEqualTo("open");
            assertThat(status.path("workers").size()).isEqualTo(1);
            assertThat(status.path("partitions").size()).isEqualTo(2);
            var row = new ObjectMapper().readTree(data.get(names.indexOf("checkpoint")));
            assertThat(row.path("status").asText()).isEqualTo("COMPLETED");
            await("again and again")
                    .atMost(LIMIT)
                    .until(() -> names.stream().filter("status"::equals).count() > 2);
            assertThat(reader).isNotDone();
        }
    }

    @Test
    void shouldShowTheHottestAndTheLargestKeys() {
        await("keys").atMost(LIMIT).untilAsserted(() -> get("/keys")
                .body("updates.size()", greaterThan(0))
                .body("updates[0].key", startsWith("key-"))
                .body("updates[0].count", greaterThan(0))
                .body("largest[0].state", equalTo("aggregate"))
                .body("largest[0].bytes", greaterThan(0))
                .body("$", hasKey("since")));
    }

    @Test
    void shouldDescribeItself() throws IOException {
        // When
        var api = new ObjectMapper()
                .readTree(at().accept(ContentType.JSON)
                        .get("/q/openapi?format=json")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString());

        // Then
        assertThat(api.path("info").path("title").asText()).isEqualTo("Cairn");
        assertThat(api.path("components")
                        .path("securitySchemes")
                        .path("token")
                        .path("scheme")
                        .asText())
                .isEqualTo("bearer");
        Set<String> described = new TreeSet<>();
        api.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    described.add(operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                    assertThat(operation.getValue().path("summary").asText())
                            .as("summary of %s %s", operation.getKey(), path.getKey())
                            .isNotEmpty();
                    assertThat(operation.getValue().path("responses").properties().stream()
                                    .map(Map.Entry::getKey)
                                    .collect(Collectors.toSet()))
                            .as("responses of %s %s", operation.getKey(), path.getKey())
                            .contains("401", "403", "500");
                }));
        assertThat(described)
                .as("what docs/reference/rest.md shows between <!-- rest --> and <!-- /rest -->")
                .isEqualTo(page());
        assertThat(api.at("/paths/~1savepoints/post/responses").properties().stream()
                        .map(Map.Entry::getKey))
                .contains("202", "400", "409");
    }

    /** The endpoints of the table in {@code docs/reference/rest.md}. */
    private static Set<String> page() throws IOException {
        Matcher marked = Pattern.compile("<!-- rest -->(.*)<!-- /rest -->", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs", "reference", "rest.md")));
        assertThat(marked.find()).isTrue();
        Set<String> endpoints = new TreeSet<>();
        Matcher row = Pattern.compile("^\\| `(GET|POST) (/[^`]*)` \\|", Pattern.MULTILINE)
                .matcher(marked.group(1));
        while (row.find()) {
            endpoints.add(row.group(1) + " " + row.group(2));
        }
        return endpoints;
    }

    private static RequestSpecification at() {
        return given().baseUri("http://localhost").port(worker.httpPort());
    }

    private static RequestSpecification json(String body) {
        return at().contentType(ContentType.JSON).body(body);
    }

    private static ValidatableResponse get(String path) {
        return at().get(path).then().statusCode(200).contentType(ContentType.JSON);
    }

    private static ValidatableResponse problem(io.restassured.response.Response response, int status, String detail) {
        return response.then()
                .statusCode(status)
                .contentType(PROBLEM)
                .body("title", notNullValue())
                .body("status", equalTo(status))
                .body("detail", containsString(detail))
                .body("instance", notNullValue());
    }

    private static String begin(String path, String body) {
        RequestSpecification request = body.isEmpty() ? at().noContentType() : json(body);
        return request.post(path)
                .then()
                .statusCode(202)
                .header("Location", matchesPattern("/operations/[A-Za-z0-9-]+"))
                .extract()
                .path("request-id");
    }

    private static ValidatableResponse awaitOperation(String id, String kind) {
        await(kind + " " + id)
                .atMost(LIMIT)
                .until(() ->
                        get("/operations/" + id).extract().path("status.id").equals("COMPLETED"));
        return get("/operations/" + id)
                .body("request-id", equalTo(id))
                .body("kind", equalTo(kind))
                .body("operation.failure-cause", nullValue());
    }

    /** What comes back for a request that no client would send. */
    private static String raw(String line) throws IOException {
        try (Socket socket = new Socket("localhost", worker.httpPort())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream()
                    .write((line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void read(InputStream stream, List<String> names, List<String> data) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String name = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:")) {
                    name = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:")) {
                    data.add(line.substring("data:".length()));
                    names.add(name);
                }
            }
        } catch (IOException e) {
            // It was closed.
        }
    }
}
