package dev.cairn.nativeimage;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

import dev.cairn.cli.EveryPackagedCommand;
import dev.cairn.it.Cairn;
import dev.cairn.testkit.Ports;
import dev.cairn.testkit.SelfSigned;
import dev.cairn.testkit.broker.SecuredBroker;
import dev.cairn.testkit.store.StsServer;
import dev.cairn.testkit.worker.StoppedJob;
import dev.cairn.testkit.worker.WorkerProcess;

/** What packaged workers and commands do in their lives, once each: as much as can be reached by name must be reached. */
final class TracedLife {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String TOKEN = "a-token-of-an-operator-of-tests";
    private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"((?:cairn|webjars)/[^\"]+)\"");

    private final SecuredBroker broker;

    /** Of this test only, so that its first worker is traced as well. */
    private final StoppedJob job;

    private final Path directory;

    TracedLife(SecuredBroker broker, Path directory) {
        this.broker = broker;
        this.job = StoppedJob.on(broker);
        this.directory = directory;
    }

    /** Every compression, checkpoints in S3, a database that RocksDB refuses, all paths of HTTP, errors, a kill, an end. */
    void work() throws Exception {
        job.damageDatabase();
        try (WorkerProcess worker = worker("work").start()) {
            awaitReady(worker);
            job.send();
            job.awaitCommitted();
            askForEverything(worker);
            worker.kill9();
        }
        try (WorkerProcess worker = worker("again").start()) {
            awaitReady(worker);
            post(worker, "/job/stop").then().statusCode(202);
            worker.awaitExit(LIMIT);
        }
        run("job", "start");
    }

    private void askForEverything(WorkerProcess worker) throws Exception {
        for (String path : List.of(
                "/job",
                "/workers",
                "/partitions",
                "/checkpoints",
                "/checkpoints/0/1",
                "/config",
                "/keys",
                "/operations/none",
                "/state/aggregate/" + StoppedJob.key("lz4", 1),
                "/state/nothing/a",
                "/q/health",
                "/q/health/live",
                "/q/health/started",
                "/q/metrics",
                "/q/openapi",
                "/q/openapi?format=json",
                "/nothing")) {
            at(worker).get(path);
        }
        String page = at(worker).get("/").then().statusCode(200).extract().asString();
        LOADED.matcher(page)
                .results()
                .forEach(found -> at(worker).get("/" + found.group(1)).then().statusCode(200));
        at(worker)
                .contentType(ContentType.JSON)
                .body("{\"keys\":[\"" + StoppedJob.key("gzip", 1) + "\"]}")
                .post("/state/aggregate")
                .then()
                .statusCode(200);
        at(worker).contentType(ContentType.JSON).body("{\"no").post("/savepoints");
        at(worker).contentType(ContentType.JSON).body("{\"nothing\":1}").post("/savepoints");
        post(worker, "/checkpoints");
        post(worker, "/job/pause").then().statusCode(202);
        post(worker, "/job/resume").then().statusCode(202);
        String operation =
                post(worker, "/savepoints").then().statusCode(202).extract().path("request-id");
        await("a savepoint").atMost(LIMIT).untilAsserted(() -> assertThat(
                        at(worker).get("/operations/" + operation).asString())
                .contains("COMPLETED"));
        readEvents(worker);
    }

    private static void readEvents(WorkerProcess worker) throws Exception {
        HttpRequest events = HttpRequest.newBuilder(URI.create("http://localhost:" + worker.httpPort() + "/events"))
                .timeout(LIMIT)
                .build();
        try (var lines = HttpClient.newHttpClient()
                .send(events, HttpResponse.BodyHandlers.ofLines())
                .body()) {
            assertThat(lines.anyMatch(line -> line.startsWith("data:"))).isTrue();
        }
    }

    /**
     * Two workers that ask each other, with TLS, tokens, OIDC, spans, and lines as JSON. Each is let in by Kafka with a
     * certificate and a password: one with files of PEM and SCRAM, and to S3 by the role of a service account; the other
     * with files of PKCS #12 and PLAIN.
     */
    void workTogether() throws Exception {
        Path keys = SelfSigned.create(directory).keys();
        String publicKey = Base64.getEncoder()
                .encodeToString(KeyPairGenerator.getInstance("RSA")
                        .generateKeyPair()
                        .getPublic()
                        .getEncoded());
        WorkerProcess.Builder builder = worker("together")
                .set("cairn.security.viewer-token", TOKEN + "-viewer")
                .set("cairn.security.operator-token", TOKEN)
                .set("cairn.security.peer-secret", "a-secret-of-all-workers-of-tests")
                .set("quarkus.oidc.tenant-enabled", "true")
                .set("quarkus.oidc.client-id", "cairn")
                .set("quarkus.oidc.public-key", publicKey)
                .set("quarkus.otel.sdk.disabled", "false")
                .set("quarkus.otel.exporter.otlp.endpoint", "http://localhost:" + Ports.free())
                .set("quarkus.log.console.json.enabled", "true")
                .jvm(
                        "-Dquarkus.tls.web.key-store.p12.path=" + keys,
                        "-Dquarkus.tls.web.key-store.p12.password=" + SelfSigned.PASSWORD,
                        "-Dquarkus.http.tls-configuration-name=web",
                        "-Dquarkus.http.ssl-port=" + Ports.free());
        try (StsServer sts = StsServer.start(directory);
                WorkerProcess one = builder.set("cairn.instance", "one")
                        .set(broker.pemAndScram())
                        .set(sts.settings())
                        .start();
                WorkerProcess two = builder.set("cairn.instance", "two")
                        .set(broker.pkcs12AndPlain())
                        .jvm("-Dquarkus.http.ssl-port=" + Ports.free())
                        .start()) {
            awaitReady(one);
            awaitReady(two);
            at(one).get("/job").then().statusCode(401);
            at(one).header("Authorization", "Bearer a.b.c").get("/job").then().statusCode(401);
            await("both know each other").atMost(LIMIT).untilAsserted(() -> assertThat(
                            at(one).header("Authorization", "Bearer " + TOKEN)
                                    .get("/workers")
                                    .asString())
                    .contains("\"one\"", "\"two\""));
            assertThat(sts.given()).as("roles taken").isPositive();
            one.terminate(LIMIT);
            two.terminate(LIMIT);
        }
    }

    /** Every command. */
    void command() throws Exception {
        EveryPackagedCommand.run(job, arguments -> {
            Cairn.Result result = run(arguments);
            return new EveryPackagedCommand.Launched(result.exitCode(), result.out(), result.err());
        });
    }

    private Cairn.Result run(String... arguments) throws Exception {
        Map<String, String> variables = new HashMap<>();
        job.settings()
                .forEach((name, value) ->
                        variables.put(name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT), value));
        return Cairn.in(directory, variables, arguments);
    }

    private WorkerProcess.Builder worker(String name) {
        return WorkerProcess.packaged().name("traced-" + name).set(job.settings());
    }

    private static RequestSpecification at(WorkerProcess worker) {
        return given().baseUri("http://localhost").port(worker.httpPort());
    }

    private static Response post(WorkerProcess worker, String path) {
        return at(worker).noContentType().post(path);
    }

    private static void awaitReady(WorkerProcess worker) {
        await("ready").atMost(LIMIT).until(() -> worker.health("ready").isUp());
    }
}
