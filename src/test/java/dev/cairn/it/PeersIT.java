package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Eavesdropper;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.fault.RogueMember;
import dev.cairn.testkit.worker.WorkerProcess;

/** What workers ask each other, and whom they believe. */
class PeersIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String VIEWER = "a-token-for-those-who-look";
    private static final String OPERATOR = "a-token-for-those-who-act";
    private static final String SECRET = "a-secret-that-only-workers-of-the-job-know";
    private static final int CALLERS = 400;

    /** What a worker waits for another one. */
    private static final long PEER_LIMIT_MILLIS = 2_000;

    /** How much slower the same questions may be answered at another moment, on a machine that others use. */
    private static final int NOISE = 4;

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldTellARogueMemberNothingAndNotWaitForIt() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "peers-rogue").send(20);
        try (WorkerProcess worker = secured(job).start();
                Eavesdropper listener = Eavesdropper.silent()) {
            awaitReady(worker);
            long alone = p99(ask(worker, CALLERS, List.of("/job")));
            try (RogueMember rogue = RogueMember.join(broker, job.name(), job.input(), "rogue", listener.address())) {
                awaitMember(worker, rogue);
                await("it is asked").atMost(LIMIT).until(() -> {
                    as(worker, OPERATOR).get("/job").then().statusCode(200);
                    return listener.received().contains("GET /worker ");
                });

                // When: everyone asks for everything
                List<Long> probes = Collections.synchronizedList(new ArrayList<>());
                Thread prober = new Thread(() -> probe(worker, probes));
                prober.start();
                List<Long> answers = new ArrayList<>(ask(worker, CALLERS, List.of("/job")));
                answers.addAll(ask(worker, CALLERS / 20, List.of("/workers", "/partitions", "/keys", "/checkpoints")));
                prober.interrupt();
                prober.join();

                // Then
                System.out.println("p99 of " + CALLERS + " answers of it only: " + alone + " ms, of " + answers.size()
                        + " next to it: " + p99(answers) + " ms, of " + probes.size() + " probes: " + p99(probes)
                        + " ms");
                assertThat(p99(answers)).isLessThan(NOISE * alone + PEER_LIMIT_MILLIS);
                assertThat(p99(probes)).isLessThan(NOISE * alone + PEER_LIMIT_MILLIS);
                as(worker, VIEWER)
                        .get("/workers")
                        .then()
                        .body("find { it.instance == 'rogue' }.reachable", equalTo(false))
                        .body("find { it.instance == 'rogue' }.reasons[0].text", containsString("not answer"))
                        .body("find { it.instance == 'worker-1' }.reachable", equalTo(true));

                // A question about its partitions is for it only, once the group has given it some. One that has been
                // silent is left untouched for a moment.
                await("the rogue has a partition, and is asked").atMost(LIMIT).untilAsserted(() -> {
                    as(worker, OPERATOR)
                            .contentType(ContentType.JSON)
                            .body("{\"keys\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\"]}")
                            .post("/state/aggregate")
                            .then()
                            .statusCode(200)
                            .body("results.detail", hasItem(containsString("worker rogue, which has the partition,")));
                    assertThat(listener.received()).contains("POST /worker/state/aggregate ");
                });
                String received = listener.received();
                assertThat(received.toLowerCase(Locale.ROOT))
                        .doesNotContain("authorization", "bearer", "cookie", VIEWER, OPERATOR, SECRET);

                // What it has received opens nothing
                assertThat(received.lines()
                                .filter(line -> line.startsWith("GET /worker "))
                                .count())
                        .as("questions, one a second at most")
                        .isLessThan(60);
                Matcher signed = Pattern.compile("(?i)cairn-peer: (\\S+)").matcher(received);
                assertThat(signed.find()).isTrue();
                at(worker)
                        .header("Cairn-Peer", signed.group(1))
                        .get("/worker")
                        .then()
                        .statusCode(403);
            }
        }
    }

    @Test
    void shouldShowAWorkerThatCannotBeAskedAndGoOn() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "peers-address").send(20);
        try (WorkerProcess worker = secured(job).start()) {
            awaitReady(worker);
            for (String address : List.of("ftp://x", "http://localhost:1/path", "http://user@localhost:1", "nowhere")) {
                // When
                try (RogueMember rogue = RogueMember.join(broker, job.name(), job.input(), "rogue", address)) {
                    awaitMember(worker, rogue);

                    // Then
                    as(worker, VIEWER)
                            .get("/workers")
                            .then()
                            .statusCode(200)
                            .body("find { it.instance == 'rogue' }.reachable", equalTo(false))
                            .body("find { it.instance == 'rogue' }.reasons[0].text", containsString(address));
                    for (String path : List.of("/job", "/partitions", "/keys", "/checkpoints")) {
                        as(worker, VIEWER).get(path).then().statusCode(200);
                    }
                }
                awaitWorkers(worker, 1);
            }
        }
    }

    @Test
    void shouldNotKeepAnAnswerWithoutEnd() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "peers-endless").send(20);
        try (WorkerProcess worker = secured(job).jvm("-Xmx128m").start();
                Eavesdropper listener = Eavesdropper.endless()) {
            awaitReady(worker);

            // When
            try (RogueMember rogue = RogueMember.join(broker, job.name(), job.input(), "rogue", listener.address())) {
                awaitMember(worker, rogue);

                // Then
                await("it is refused").atMost(LIMIT).untilAsserted(() -> as(worker, VIEWER)
                        .get("/workers")
                        .then()
                        .body(
                                "find { it.instance == 'rogue' }.reasons[0].text",
                                containsString("answers with more than")));
                assertThat(worker.health("live").isUp()).isTrue();
            }
        }
    }

    @Test
    void shouldAnswerWorkersOnlyBelowWorker() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "peers-paths").send(20);
        try (WorkerProcess worker = secured(job).start()) {
            awaitReady(worker);
            String forged = "1." + System.currentTimeMillis() + "." + "0".repeat(32) + "." + "0".repeat(64) + "."
                    + "0".repeat(64);

            // When, Then
            for (String path :
                    List.of("/worker", "/worker/", "/worker/keys", "/worker/state/aggregate/a", "/worker/x")) {
                for (RequestSpecification caller : List.of(
                        at(worker),
                        as(worker, VIEWER),
                        as(worker, OPERATOR),
                        at(worker).header("Cairn-Peer", forged))) {
                    caller.get(path)
                            .then()
                            .statusCode(403)
                            .contentType("application/problem+json")
                            .body("detail", containsString("workers of the job only"));
                }
            }
            for (String path : List.of("/worker;a=b", "//worker", "/%77orker", "/x/../worker", "/worker%2Fkeys")) {
                int status =
                        as(worker, OPERATOR).urlEncodingEnabled(false).get(path).statusCode();
                assertThat(status).as(path).isIn(403, 404);
            }
            as(worker, OPERATOR)
                    .contentType(ContentType.JSON)
                    .body("{\"job\":\"peers-paths\",\"consistency\":\"COMMITTED\",\"keys\":[]}")
                    .post("/worker/state/aggregate")
                    .then()
                    .statusCode(403);
            as(worker, OPERATOR)
                    .contentType(ContentType.JSON)
                    .body("{\"job\":\"peers-paths\",\"consistency\":\"COMMITTED\",\"keys\":[]}")
                    .post("/state/aggregate/local")
                    .then()
                    .statusCode(405);
        }
    }

    @Test
    void shouldShowItselfOnlyAndSayWhyWithoutACommonSecret() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "peers-alone").send(40);
        try (WorkerProcess one = worker(job, "one", "").start();
                WorkerProcess two = worker(job, "two", SECRET).start();
                WorkerProcess three =
                        worker(job, "three", SECRET + "-or-another").start()) {
            List.of(one, two, three).forEach(PeersIT::awaitReady);
            List.of(one, two, three).forEach(worker -> awaitWorkers(worker, 3));

            // When, Then
            String unset = "cairn.security.peer-secret is not set. Set the same secret for all workers of the job";
            at(one).get("/workers")
                    .then()
                    .statusCode(200)
                    .body("find { it.instance == 'one' }.reachable", equalTo(true))
                    .body("find { it.instance == 'two' }.reachable", equalTo(false))
                    .body("find { it.instance == 'two' }.reasons[0].text", containsString(unset));
            at(one).get("/job")
                    .then()
                    .statusCode(200)
                    .body("reasons.text", hasItem(containsString("two is not asked, because " + unset)));
            assertThat(one.awaitOutput("the other workers of the job are not asked", LIMIT))
                    .contains(unset);
            for (String other : List.of("one", "three")) {
                at(two).get("/workers")
                        .then()
                        .body("find { it.instance == '" + other + "' }.reachable", equalTo(false))
                        .body(
                                "find { it.instance == '" + other + "' }.reasons[0].text",
                                containsString("refuses the question"));
            }
            await("the partitions have settled").atMost(LIMIT).untilAsserted(() -> at(one).contentType(ContentType.JSON)
                    .body("{\"keys\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\"]}")
                    .post("/state/aggregate")
                    .then()
                    .statusCode(200)
                    .body("results.detail", hasItem(containsString(unset))));
        }
    }

    private static WorkerProcess.Builder secured(SmallJob job) {
        return job.worker()
                .set("cairn.security.viewer-token", VIEWER)
                .set("cairn.security.operator-token", OPERATOR)
                .set("cairn.security.peer-secret", SECRET);
    }

    private WorkerProcess.Builder worker(SmallJob job, String instance, String secret) {
        return job.worker()
                .name(job.name() + "-" + instance)
                .set("cairn.instance", instance)
                .set("cairn.security.peer-secret", secret)
                .set(
                        "taskmanager.state.local.root-dirs",
                        directory.resolve("local-" + instance).toString());
    }

    /** Nearly at the same time. @return how long each has taken, in milliseconds */
    private static List<Long> ask(WorkerProcess worker, int callers, List<String> paths) {
        HttpClient http = HttpClient.newHttpClient();
        List<CompletableFuture<Long>> asked = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            for (String path : paths) {
                long began = System.nanoTime();
                asked.add(http.sendAsync(
                                HttpRequest.newBuilder(URI.create("http://localhost:" + worker.httpPort() + path))
                                        .version(HttpClient.Version.HTTP_1_1)
                                        .header("Authorization", "Bearer " + OPERATOR)
                                        .build(),
                                BodyHandlers.ofString())
                        .thenApply(answer -> {
                            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                        }));
            }
            if (i % 20 == 19) {
                pause(50);
            }
        }
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private static void probe(WorkerProcess worker, List<Long> millis) {
        HttpClient http = HttpClient.newHttpClient();
        try {
            while (!Thread.interrupted()) {
                long began = System.nanoTime();
                http.send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + worker.httpPort() + "/q/health/live"))
                                .build(),
                        BodyHandlers.ofString());
                millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException e) {
            // Enough.
        }
    }

    private static void pause(long millis) {
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }

    private static long p99(List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        return sorted.get((sorted.size() * 99 - 1) / 100);
    }

    private static void awaitMember(WorkerProcess worker, RogueMember rogue) {
        awaitWorkers(worker, 2);
        assertThat(rogue.isAlive()).isTrue();
    }

    private static void awaitWorkers(WorkerProcess worker, int count) {
        await(count + " workers")
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> as(worker, VIEWER)
                                .get("/workers")
                                .then()
                                .statusCode(200)
                                .extract()
                                .jsonPath()
                                .getList("instance")
                                .size()
                        == count);
    }

    private static RequestSpecification at(WorkerProcess worker) {
        return given().baseUri("http://localhost").port(worker.httpPort());
    }

    private static RequestSpecification as(WorkerProcess worker, String token) {
        return at(worker).header("Authorization", "Bearer " + token);
    }

    private static void awaitReady(WorkerProcess worker) {
        await("ready").atMost(LIMIT).until(() -> worker.health("ready").isUp());
    }
}
