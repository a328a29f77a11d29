package dev.cairn.it;

import static dev.cairn.it.StateTraffic.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Ports;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.WorkerProcess;

/** Three workers, 12 partitions: what each of them says of the state, while nothing happens and while everything does. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StateQueryIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final int PARTITIONS = 12;
    private static final int KEYS = 100;
    private static final int ASKERS = 3;
    private static final String JOB = "state-query";
    private static final String INPUT = JOB + "-in";

    private static final TestBroker broker = Brokers.shared();
    private static final Map<String, WorkerProcess> workers = new TreeMap<>();
    private static final Map<String, String> up = new ConcurrentHashMap<>();
    private static final HttpClient http = HttpClient.newHttpClient();
    private static StateTraffic traffic;

    @TempDir
    static Path directory;

    @BeforeAll
    static void startFleet() {
        broker.createTopic(INPUT, PARTITIONS);
        broker.createTopic(JOB + "-out", PARTITIONS);
        traffic = new StateTraffic(broker, INPUT, KEYS);
        traffic.feed(5);
        Topics.send(broker, INPUT, "a/ü+ b%2F?", "{\"delay\":7.50}");
        for (String instance : List.of("a", "b", "c")) {
            start(instance, Ports.free());
        }
        List.copyOf(workers.keySet()).forEach(StateQueryIT::awaitReady);
        Workers.awaitCaughtUp(broker, JOB, INPUT);
        awaitAllAnswers();
    }

    @AfterAll
    static void stopFleet() {
        workers.values().forEach(WorkerProcess::close);
    }

    @Test
    @Order(1)
    void shouldGetTheSameAnswerOfEachWorker() throws Exception {
        Set<String> answeredBy = new HashSet<>();
        for (int number = 0; number < KEYS; number++) {
            Set<JsonNode> answers = new HashSet<>();
            for (String address : up.values()) {
                HttpResponse<String> answer = get(address + "/state/aggregate/" + key(number));
                assertThat(answer.statusCode()).isEqualTo(200);
                answers.add(json(answer));
            }
            assertThat(answers).as("answers for %s", key(number)).hasSize(1);
            JsonNode answer = answers.iterator().next();
            assertThat(answer.path("state").asText()).isEqualTo("aggregate");
            assertThat(answer.path("key").asText()).isEqualTo(key(number));
            assertThat(answer.path("consistency").asText()).isEqualTo("committed");
            assertThat(answer.path("value").path("count").asLong()).isEqualTo(5);
            assertThat(answer.path("value").path("sum").asLong()).isEqualTo(5);
            answeredBy.add(answer.path("worker").asText());
        }
        assertThat(answeredBy).containsExactly("a", "b", "c");
    }

    @Test
    @Order(2)
    void shouldAnswerForManyKeysAtOnceAndForKeysOfAnyCharacters() throws Exception {
        String odd = "a/ü+ b%2F?";
        for (String address : up.values()) {
            // When
            HttpResponse<String> batch =
                    post(address + "/state/aggregate", "{\"keys\":[\"key-1\",\"unknown\",\"" + odd + "\"]}");
            HttpResponse<String> text = get(address + "/state/aggregate/"
                    + URLEncoder.encode(odd, StandardCharsets.UTF_8).replace("+", "%20"));
            HttpResponse<String> base64 = get(address + "/state/aggregate/"
                    + Base64.getUrlEncoder().encodeToString(odd.getBytes(StandardCharsets.UTF_8))
                    + "?encoding=base64&consistency=live");
            HttpResponse<String> all = post(
                    address + "/state/aggregate?consistency=live",
                    new ObjectMapper()
                            .writeValueAsString(Map.of(
                                    "keys",
                                    IntStream.range(0, KEYS)
                                            .mapToObj(StateTraffic::key)
                                            .toList())));

            // Then
            JsonNode results = json(batch).path("results");
            assertThat(results.findValuesAsText("found")).containsExactly("true", "false", "true");
            assertThat(results.path(0).path("value").path("count").asInt()).isEqualTo(5);
            assertThat(text.statusCode()).as(text.body()).isEqualTo(200);
            assertThat(json(text).path("key").asText()).isEqualTo(odd);
            assertThat(text.body()).contains("\"count\":1", "7.5");
            assertThat(base64.statusCode()).as(base64.body()).isEqualTo(200);
            assertThat(json(base64).path("value")).isEqualTo(json(text).path("value"));
            assertThat(json(base64).path("consistency").asText()).isEqualTo("live");
            assertThat(json(all).path("results").findValuesAsText("count"))
                    .hasSize(KEYS)
                    .containsOnly("5");
        }
    }

    @Test
    @Order(3)
    void shouldSayWhatIsWrongWithAQuestion() throws Exception {
        String worker = up.get("b");
        assertProblem(get(worker + "/state/aggregate/unknown"), 404, "has no value for this key");
        assertProblem(get(worker + "/state/nothing/key-1"), 404, "keeps no state 'nothing'");
        assertProblem(post(worker + "/state/nothing", "{\"keys\":[\"a\"]}"), 404, "keeps no state 'nothing'");
        assertProblem(get(worker + "/state/..%2F..%2Fetc/passwd"), 400, "cannot name a state");
        assertProblem(post(worker + "/state/..%2F..%2Fetc", "{\"keys\":[\"a\"]}"), 400, "cannot name a state");
        assertProblem(get(worker + "/state/aggregate/a?consistency=eventual"), 400, "committed or live");
        assertProblem(get(worker + "/state/aggregate/a?encoding=hex"), 400, "text or base64");
        assertProblem(get(worker + "/state/aggregate/%7B?encoding=base64"), 400, "not in Base64");
        assertProblem(get(worker + "/state/aggregate/a?partition=12"), 400, "there is no partition 12");
        assertProblem(post(worker + "/state/aggregate", "{\"keys\":[]}"), 400, "there are no keys");
        assertProblem(
                post(
                        worker + "/worker/state/aggregate",
                        "{\"job\":\"state-query\",\"consistency\":\"COMMITTED\",\"keys\":[]}"),
                403,
                "workers of the job only: the request is not signed");

        assertProblem(get(worker + "/state/aggregate/a?limit=0"), 400, "the limit is below 1");
        assertProblem(get(worker + "/state/aggregate/a?limit=1001"), 400, "Write 0 to 1000");
        assertProblem(get(worker + "/state/aggregate/a?reversed=yes"), 400, "true or false");
        assertProblem(get(worker + "/state/aggregate/a?prefix="), 400, "prefix is empty");
        assertProblem(get(worker + "/state/aggregate/a?entry=%FF"), 400, "entry is not UTF-8");
        assertProblem(get(worker + "/state/aggregate/a?entry=x&from=y"), 400, "entry asks for one entry");
        for (String consistency : List.of("committed", "live")) {
            for (int number = 0; number < PARTITIONS; number++) {
                assertProblem(
                        get(worker + "/state/aggregate/" + key(number) + "?entry=x&consistency=" + consistency),
                        400,
                        "'aggregate' is of the kind value, which has one value for a key");
            }
        }

        JsonNode answer = json(get(worker + "/state/aggregate/key-1"));
        assertThat(answer.properties().stream().map(Map.Entry::getKey))
                .containsExactly("state", "key", "partition", "worker", "consistency", "value");
        int elsewhere = (answer.path("partition").asInt() + 1) % PARTITIONS;
        assertProblem(get(worker + "/state/aggregate/key-1?partition=" + elsewhere), 404, "has no value");
        assertProblem(
                get(worker + "/worker/state/aggregate/key-1"),
                403,
                "workers of the job only: the request is not signed");
        workers.values().forEach(process -> assertThat(process.output()).noneMatch(line -> line.contains("key-1")));
    }

    @Test
    @Order(4)
    void shouldNeverGiveAWrongValueInARollingRestart() {
        // Given
        traffic.start(ASKERS, () -> List.copyOf(up.values()));

        // When
        restart("a", () -> workers.get("a").terminate(LIMIT), Ports.free());
        int samePort = workers.get("b").httpPort();
        restart("b", () -> workers.get("b").kill9(), samePort);
        restart("c", () -> workers.get("c").terminate(LIMIT), Ports.free());
        awaitSomeAnswers();
        traffic.close();

        // Then
        System.out.println("rolling restart: " + traffic);
        assertThat(traffic.wrong()).isEmpty();
        assertThat(traffic.count(StateTraffic.Result.RIGHT)).isGreaterThan(100);
        Workers.awaitCaughtUp(broker, JOB, INPUT);
        awaitAllAnswers();
    }

    @Test
    @Order(5)
    void shouldNotAnswerForAPartitionThatItLostWhileItWasFrozen() {
        // Given
        Map<String, String> frozen = Map.of("b", up.get("b"));
        Map<String, String> others = Map.of("a", up.get("a"), "c", up.get("c"));
        traffic.start(ASKERS, () -> List.copyOf(others.values()));

        // When: the others have its partitions, and its state has gone on, while questions wait for it
        workers.get("b").suspend();
        await("the others have all partitions").atMost(LIMIT).until(() -> IntStream.range(0, KEYS)
                .allMatch(number -> traffic.ask(up.get("a"), number) == StateTraffic.Result.RIGHT));
        StateTraffic late = traffic;
        List<Thread> waiting = IntStream.range(0, KEYS / 2)
                .mapToObj(number -> new Thread(() -> late.ask(frozen.get("b"), number)))
                .toList();
        waiting.forEach(Thread::start);
        await().pollDelay(SESSION.dividedBy(3)).until(() -> true);
        workers.get("b").resume();
        traffic.close();
        traffic.start(ASKERS, () -> List.copyOf(up.values()));
        awaitReady("b");
        awaitSomeAnswers();
        traffic.close();

        // Then
        System.out.println("frozen worker: " + traffic);
        assertThat(traffic.wrong()).isEmpty();
        Workers.awaitCaughtUp(broker, JOB, INPUT);
        awaitAllAnswers();
    }

    private static void start(String instance, int port) {
        WorkerProcess worker = Workers.aggregate(broker, directory, JOB, INPUT, JOB + "-out")
                .name(JOB + "-" + instance)
                .set("cairn.instance", instance)
                .set("cairn.threads", "2")
                .set("quarkus.http.port", Integer.toString(port))
                .set("kafka.session.timeout.ms", Long.toString(SESSION.toMillis()))
                .set("kafka.heartbeat.interval.ms", "500")
                .set("quarkus.log.category.\"dev.cairn.fleet\".level", "DEBUG")
                .start();
        workers.put(instance, worker);
    }

    private static void restart(String instance, Runnable end, int port) {
        up.remove(instance);
        end.run();
        start(instance, port);
        awaitReady(instance);
    }

    private static void awaitReady(String instance) {
        WorkerProcess worker = workers.get(instance);
        await(instance + " listens")
                .atMost(LIMIT)
                .until(() -> worker.health("live").status() != 0);
        up.put(instance, "http://localhost:" + worker.httpPort());
        await(instance + " is ready").atMost(LIMIT).until(() -> worker.health("ready")
                .isUp());
    }

    /** Waits until the askers have got on. */
    private static void awaitSomeAnswers() {
        long before = traffic.count(StateTraffic.Result.RIGHT);
        await("more answers").atMost(LIMIT).until(() -> traffic.count(StateTraffic.Result.RIGHT) > before + 100);
    }

    /** Waits until every worker says of every key what was fed. */
    private static void awaitAllAnswers() {
        await("all answers are there again").atMost(LIMIT).untilAsserted(() -> {
            for (String address : up.values()) {
                for (int number = 0; number < KEYS; number++) {
                    HttpResponse<String> answer = get(address + "/state/aggregate/" + key(number));
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                    assertThat(json(answer).path("value").path("count").asLong())
                            .isEqualTo(traffic.fed(number));
                }
            }
        });
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String detail) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        JsonNode problem = json(answer);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).contains(detail);
        assertThat(answer.headers().firstValue("Retry-After").isPresent()).isEqualTo(status == 503);
    }

    private static HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String address, String json) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }
}
