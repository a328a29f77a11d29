package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Ports;
import dev.cairn.testkit.RawHttp;
import dev.cairn.testkit.SelfSigned;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.WorkerProcess;

/** Who may do what with a worker, over HTTP. */
class SecurityIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String VIEWER = "a-token-for-those-who-look";
    private static final String OPERATOR = "a-token-for-those-who-act";
    private static final String PROBLEM = "application/problem+json";

    /** Where state, keys and settings are, also as no one writes it. */
    private static final List<String> CONTENT = List.of(
            "/config",
            "/config/",
            "/config;a=b",
            "//config",
            "/job/../config",
            "/%63onfig",
            "/keys",
            "/state/aggregate/key-0-0",
            "/state;a=b/aggregate/key-0-0",
            "/state/aggregate;a=b/key-0-0");

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldBeControlledFromItsOwnMachineAloneWithoutCredentials() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "security-open").send(20);
        try (WorkerProcess worker =
                job.worker().set("quarkus.http.host", "0.0.0.0").start()) {
            awaitReady(worker);

            // When, Then: programs and people on this machine
            at(worker).post("/job/pause").then().statusCode(202);
            at(worker).post("/job/resume").then().statusCode(202);
            at(worker)
                    .header("Origin", "http://localhost:" + worker.httpPort())
                    .post("/checkpoints")
                    .then()
                    .statusCode(202);
            at(worker).get("/job").then().statusCode(200).body("control", equalTo("open"));

            // Pages of others in their browsers, proxies, and names that someone has pointed here
            refused(at(worker).header("Origin", "http://evil.example"), "page of another site");
            refused(at(worker).header("Origin", "null"), "page of another site");
            refused(at(worker).header("Origin", "http://localhost:1"), "page of another site");
            refused(at(worker).header("Sec-Fetch-Site", "cross-site"), "page of another site");
            refused(at(worker).header("Host", "evil.example:" + worker.httpPort()), "not for localhost");
            refused(at(worker).header("X-Forwarded-For", "127.0.0.1"), "by way of a proxy");
            at(worker)
                    .header("X-Forwarded-For", "10.0.0.1")
                    .get("/job")
                    .then()
                    .statusCode(200)
                    .body("control", equalTo("refused"));

            // Other machines read how the job is, and do not control
            Optional<String> outside = addressOutside();
            assumeThat(outside)
                    .as("an address of this machine that is not loopback")
                    .isPresent();
            RequestSpecification elsewhere =
                    given().baseUri("http://" + outside.get()).port(worker.httpPort());
            elsewhere.get("/job").then().statusCode(200).body("control", equalTo("refused"));
            for (String path : List.of("/checkpoints", "/savepoints", "/job/stop", "/job/cancel", "/job/pause")) {
                given().baseUri("http://" + outside.get())
                        .port(worker.httpPort())
                        .post(path)
                        .then()
                        .statusCode(403)
                        .contentType(PROBLEM)
                        .body("detail", containsString("cairn.security.operator-token"));
            }
            assertThat(worker.output())
                    .filteredOn(line -> line.contains("no credentials are configured"))
                    .hasSize(1);
        }
    }

    @Test
    void shouldKeepStateFromOtherUsersOfTheMachine() throws IOException {
        // Given: a directory that is there already, such as a volume
        SmallJob job = SmallJob.create(broker, directory, "security-files").send(20);
        Files.createDirectories(job.local());
        Files.setPosixFilePermissions(job.local(), PosixFilePermissions.fromString("rwxr-xr-x"));

        // When
        try (WorkerProcess worker = job.worker().start()) {
            awaitReady(worker);
            job.awaitCaughtUp();

            // Then
            assertThat(directories(job.local())).hasSizeGreaterThan(3).allSatisfy(SecurityIT::isOfItsOwner);
            assertThat(directories(directory.resolve("checkpoints")))
                    .hasSizeGreaterThan(3)
                    .allSatisfy(SecurityIT::isOfItsOwner);
        }
    }

    private static List<Path> directories(Path root) throws IOException {
        try (Stream<Path> below = Files.walk(root)) {
            return below.filter(path -> !path.equals(root) && Files.isDirectory(path))
                    .toList();
        }
    }

    private static void isOfItsOwner(Path path) throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .as(path.toString())
                .isEqualTo("rwx------");
    }

    @Test
    void shouldShowStateKeysAndSettingsOnItsOwnMachineAloneWithoutCredentials() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "security-content").send(20);
        try (WorkerProcess worker =
                job.worker().set("quarkus.http.host", "0.0.0.0").start()) {
            awaitReady(worker);

            // When, Then
            for (String path : CONTENT) {
                assertThat(RawHttp.get(worker.httpPort(), path, "localhost"))
                        .as(path)
                        .matches("(?s)HTTP/1.1 (200|404) .*");
                hidden(at(worker).header("X-Real-IP", "127.0.0.1").urlEncodingEnabled(false), path);
                hidden(at(worker).header("Host", "evil.example").urlEncodingEnabled(false), path);
                assertThat(RawHttp.get(worker.httpPort(), "http://evil.example" + path, "localhost"))
                        .as(path)
                        .startsWith("HTTP/1.1 403 ");
            }
            assertThat(RawHttp.get(worker.httpPort(), "http://localhost/config", "localhost"))
                    .startsWith("HTTP/1.1 200 ");
            at(worker)
                    .contentType(ContentType.JSON)
                    .body("{\"keys\":[\"key-0-0\"]}")
                    .post("/state/aggregate")
                    .then()
                    .statusCode(200);
            assertThat(eventsUntilStatus(worker, "localhost")).contains("keys");

            Optional<String> outside = addressOutside();
            assumeThat(outside)
                    .as("an address of this machine that is not loopback")
                    .isPresent();
            for (String path : CONTENT) {
                hidden(
                        given().baseUri("http://" + outside.get())
                                .port(worker.httpPort())
                                .urlEncodingEnabled(false),
                        path);
            }
            given().baseUri("http://" + outside.get())
                    .port(worker.httpPort())
                    .contentType(ContentType.JSON)
                    .body("{\"keys\":[\"key-0-0\"]}")
                    .post("/state/aggregate")
                    .then()
                    .statusCode(403)
                    .body("detail", containsString("cairn.security.viewer-token"));
            assertThat(eventsUntilStatus(worker, outside.get())).doesNotContain("keys");
        }
    }

    @Test
    void shouldAnswerOnLoopbackForNoNameButLocalhostWithoutCredentials() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "security-rebinding").send(20);
        try (WorkerProcess worker =
                job.worker().set("quarkus.http.host", "0.0.0.0").start()) {
            awaitReady(worker);
            int port = worker.httpPort();

            // When, Then: a page that has its own name pointed at this machine
            for (String path : List.of(
                    "/job",
                    "/workers",
                    "/partitions",
                    "/checkpoints",
                    "/checkpoints/0/1",
                    "/operations/1",
                    "/events",
                    "/q/openapi",
                    "/nothing")) {
                at(worker)
                        .header("Host", "evil.example:" + port)
                        .get(path)
                        .then()
                        .statusCode(403)
                        .contentType(PROBLEM)
                        .body("detail", containsString("localhost"))
                        .body("detail", containsString("cairn.security.viewer-token"));
            }
            for (String host : List.of("localhost.evil.example", "127.0.0.1.evil.example", "", "a@localhost")) {
                assertThat(RawHttp.get(port, "/job", host)).as(host).matches("(?s)HTTP/1.1 40[03] .*");
            }
            for (String host :
                    List.of("localhost:" + port, "LOCALHOST", "127.0.0.1", "127.1.2.3:80", "[::1]:" + port)) {
                assertThat(RawHttp.get(port, "/job", host)).as(host).startsWith("HTTP/1.1 200");
            }

            // Probes, Prometheus and the page's files
            for (String path : List.of("/q/health", "/q/health/ready", "/q/metrics", "/", "/cairn/app.js")) {
                at(worker).header("Host", "worker-1:" + port).get(path).then().statusCode(200);
            }
        }
    }

    @Test
    void shouldKnowProxiesByWhatTheySend() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "security-proxies").send(20);
        try (WorkerProcess worker = job.worker().start()) {
            awaitReady(worker);

            // When, Then
            for (String header : List.of(
                    "Forwarded",
                    "X-Forwarded",
                    "X-Forwarded-Host",
                    "X-Forwarded-Prefix",
                    "X-Real-IP",
                    "Via",
                    "Client-IP",
                    "X-Client-IP",
                    "True-Client-IP",
                    "CF-Connecting-IP",
                    "Fastly-Client-IP",
                    "X-Cluster-Client-IP",
                    "X-Original-URL",
                    "X-Original-Host",
                    "X-Originating-IP",
                    "X-Remote-IP",
                    "X-Rewrite-URL",
                    "X-Envoy-External-Address",
                    "X-ProxyUser-Ip",
                    "WL-Proxy-Client-IP",
                    "Proxy-Connection")) {
                refused(at(worker).header(header, "127.0.0.1"), "by way of a proxy");
            }
            // As nginx sends it before 1.29.7, unless it is told otherwise
            for (String request : List.of("POST /job/cancel", "GET /config", "GET /state/aggregate/a", "GET /keys")) {
                assertThat(RawHttp.send(
                                worker.httpPort(),
                                request + " HTTP/1.0\r\nHost: 127.0.0.1:" + worker.httpPort()
                                        + "\r\nConnection: close\r\n\r\n"))
                        .as(request)
                        .startsWith("HTTP/1.0 403")
                        .contains(PROBLEM, "HTTP/1.0");
            }
            assertThat(RawHttp.send(worker.httpPort(), "GET /job HTTP/1.0\r\nHost: localhost\r\n\r\n"))
                    .contains(" 200 ", "\"control\":\"refused\"");
            assertThat(RawHttp.send(worker.httpPort(), "GET /q/health HTTP/1.0\r\n\r\n"))
                    .contains(" 200 ");
        }
    }

    private static void hidden(RequestSpecification request, String path) {
        request.get(path)
                .then()
                .statusCode(403)
                .contentType(PROBLEM)
                .body("detail", containsString("loopback"))
                .body("detail", containsString("cairn.security.viewer-token"));
    }

    /** The names of the events that come until the job has been shown twice. */
    private static List<String> eventsUntilStatus(WorkerProcess worker, String host) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + worker.httpPort() + "/events"))
                .build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        List<String> names = new ArrayList<>();
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            while (Collections.frequency(names, "status") < 2) {
                String line = lines.readLine();
                if (line.startsWith("event:")) {
                    names.add(line.substring("event:".length()).strip());
                }
            }
        }
        return names;
    }

    private static void refused(RequestSpecification request, String why) {
        request.post("/job/cancel")
                .then()
                .statusCode(403)
                .contentType(PROBLEM)
                .body("status", equalTo(403))
                .body("detail", containsString(why))
                .body("detail", containsString("cairn.security.operator-token"))
                .body("instance", equalTo("/job/cancel"));
    }

    @Test
    void shouldAskForTokensWhereTheyAreConfigured() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "security-tokens").send(20);
        Path keys = SelfSigned.create(directory).keys();
        int httpsPort = Ports.free();
        try (WorkerProcess worker = job.worker()
                .set("cairn.security.viewer-token", VIEWER)
                .set("cairn.security.operator-token", OPERATOR)
                .jvm(
                        "-Dquarkus.tls.web.key-store.p12.path=" + keys,
                        "-Dquarkus.tls.web.key-store.p12.password=" + SelfSigned.PASSWORD,
                        "-Dquarkus.http.tls-configuration-name=web",
                        "-Dquarkus.http.ssl-port=" + httpsPort)
                .start()) {
            awaitReady(worker);

            // When, Then: open to everyone
            at(worker).get("/q/health").then().log().ifValidationFails().statusCode(200);
            at(worker).get("/q/metrics").then().statusCode(200);

            // Nothing else is
            for (String path : List.of(
                    "/job", "/config", "/events", "/state/aggregate/a", "/q/openapi", "/q/nothing", "/nothing")) {
                at(worker)
                        .get(path)
                        .then()
                        .statusCode(401)
                        .contentType(PROBLEM)
                        .header("WWW-Authenticate", startsWith("Bearer"))
                        .body("status", equalTo(401));
            }
            at(worker).post("/job/cancel").then().statusCode(401).contentType(PROBLEM);
            for (String token : List.of("", VIEWER + "x", OPERATOR.substring(1), "a.b.c")) {
                as(worker, token).get("/job").then().statusCode(401).header("Server", equalTo(null));
            }
            at(worker)
                    .auth()
                    .preemptive()
                    .basic("operator", OPERATOR)
                    .get("/job")
                    .then()
                    .statusCode(401);

            // A viewer reads, and does not control
            as(worker, VIEWER).get("/job").then().statusCode(200).body("control", equalTo("refused"));
            as(worker, VIEWER).get("/q/openapi").then().statusCode(200);
            for (String path : List.of("/checkpoints", "/savepoints", "/job/stop", "/job/cancel", "/job/pause")) {
                as(worker, VIEWER)
                        .post(path)
                        .then()
                        .statusCode(403)
                        .contentType(PROBLEM)
                        .body("detail", containsString("operator"));
            }
            as(worker, VIEWER)
                    .contentType(ContentType.JSON)
                    .body("{\"keys\":[\"key-0-0\"]}")
                    .post("/state/aggregate")
                    .then()
                    .statusCode(200);

            // An operator does both, and over TLS as well
            as(worker, OPERATOR).get("/job").then().statusCode(200).body("control", equalTo("token"));
            given().baseUri("https://localhost")
                    .port(httpsPort)
                    .trustStore(keys.toFile(), "password")
                    .header("Authorization", "Bearer " + OPERATOR)
                    .post("/job/pause")
                    .then()
                    .statusCode(202);

            // No one is shown the tokens
            String settings = as(worker, VIEWER)
                    .get("/config")
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString();
            assertThat(settings)
                    .contains("cairn.security.operator-token", "******", "quarkus.tls.web.key-store.p12.password")
                    .doesNotContain(VIEWER, OPERATOR, "\"password\"");
            as(worker, OPERATOR).post("/job/cancel").then().statusCode(202);
            assertThat(worker.awaitExit(LIMIT)).isZero();
            assertThat(String.join("\n", worker.output())).doesNotContain(VIEWER, OPERATOR);
        }
    }

    @Test
    void shouldTakeTokensOfOidcBesideItsOwn() throws Exception {
        // Given
        KeyPair provider = keyPair();
        KeyPair stranger = keyPair();
        SmallJob job = SmallJob.create(broker, directory, "security-oidc").send(20);
        try (WorkerProcess worker = job.worker()
                .set("cairn.security.operator-token", OPERATOR)
                .set("quarkus.oidc.tenant-enabled", "true")
                .set("quarkus.oidc.client-id", "cairn")
                .set(
                        "quarkus.oidc.public-key",
                        Base64.getEncoder().encodeToString(provider.getPublic().getEncoded()))
                .start()) {
            awaitReady(worker);

            // When, Then
            at(worker)
                    .get("/job")
                    .then()
                    .statusCode(401)
                    .contentType(PROBLEM)
                    .header("WWW-Authenticate", startsWith("Bearer"));
            as(worker, Jwt.of(stranger, "operator")).get("/job").then().statusCode(401);
            as(worker, Jwt.of(provider, "guest"))
                    .get("/job")
                    .then()
                    .statusCode(403)
                    .contentType(PROBLEM);
            as(worker, Jwt.of(provider, "viewer"))
                    .get("/job")
                    .then()
                    .statusCode(200)
                    .body("control", equalTo("refused"));
            as(worker, Jwt.of(provider, "viewer"))
                    .post("/job/pause")
                    .then()
                    .statusCode(403)
                    .contentType(PROBLEM);
            as(worker, Jwt.of(provider, "operator")).get("/workers").then().statusCode(200);
            as(worker, Jwt.of(provider, "operator")).post("/job/pause").then().statusCode(202);
            as(worker, OPERATOR).post("/job/resume").then().statusCode(202);
            as(worker, OPERATOR + "x").get("/job").then().statusCode(401);
            as(worker, OPERATOR)
                    .get("/config")
                    .then()
                    .statusCode(200)
                    .body("findAll { it.key == 'quarkus.oidc.client-id' }.size()", equalTo(1))
                    .body(not(containsString(OPERATOR)));
        }
    }

    @Test
    void shouldMakeSavepointsOnlyWhereItIsAllowed() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "security-targets").send(20);
        Path savepoints = Files.createDirectory(directory.resolve("savepoints"));
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(savepoints.resolve("link"), elsewhere);
        try (WorkerProcess worker = job.worker()
                .set("cairn.security.peer-secret", "")
                .set("state.savepoints.dir", savepoints.toString())
                .set("cairn.savepoints.allowed-directories", directory.resolve("copies") + ", s3://bucket/sp")
                .start()) {
            awaitReady(worker);
            job.awaitCaughtUp();
            List<String> refused = List.of(
                    elsewhere.toString(),
                    savepoints + "-2",
                    savepoints + "/link/a",
                    directory.resolve("checkpoints").toString(),
                    directory
                            .resolve("checkpoints/security-targets/partition-0")
                            .toString(),
                    "s3://bucket/spy",
                    "s3://other/sp");

            // When, Then: by REST
            for (String target : refused) {
                for (String path : List.of("/savepoints", "/job/stop")) {
                    at(worker)
                            .contentType(ContentType.JSON)
                            .body("{\"target-directory\":\"" + target + "\"}")
                            .post(path)
                            .then()
                            .statusCode(403)
                            .contentType(PROBLEM)
                            .body("detail", containsString(target))
                            .body("detail", containsString("Name "));
                }
            }

            // By the topic, of someone, and of someone who pretends to be a worker
            for (int i = 0; i < refused.size(); i++) {
                command(
                        job,
                        "{\"kind\":\"savepoint\",\"id\":\"forged-%s\",\"target\":\"%s\"}".formatted(i, refused.get(i)));
                command(
                        job,
                        "{\"kind\":\"savepoint\",\"id\":\"posing-%s\",\"by\":\"worker-9\",\"target\":\"%s\"}"
                                .formatted(i, refused.get(i)));
                assertThat(failure(worker, "forged-" + i)).contains(refused.get(i), "Name ");
                worker.awaitOutput("command savepoint: posing-" + i + ": no savepoint can be made in", LIMIT);
            }
            try (Stream<Path> files = Files.walk(directory)) {
                assertThat(files.map(Path::getFileName).map(Path::toString))
                        .noneMatch(name -> name.startsWith("savepoint-"));
            }
            assertThat(elsewhere).isEmptyDirectory();

            // What is allowed is made
            command(
                    job,
                    "{\"kind\":\"savepoint\",\"id\":\"right\",\"target\":\"%s\"}"
                            .formatted(directory.resolve("copies/a")));
            assertThat(failure(worker, "right")).isNull();
            assertThat(directory.resolve("copies/a"))
                    .isDirectoryContaining(made -> made.getFileName().toString().startsWith("savepoint-"));
        }
    }

    private void command(SmallJob job, String text) {
        Topics.send(broker, job.name() + "-cairn-commands", "savepoint", text);
    }

    /** Waits for the end of an operation. @return why it has failed, null where it has not */
    private static String failure(WorkerProcess worker, String id) {
        return await(id)
                .atMost(LIMIT)
                .until(() -> at(worker).get("/operations/" + id).jsonPath(), status -> "COMPLETED"
                        .equals(status.getString("status.id")))
                .getString("operation.failure-cause.message");
    }

    @Test
    void shouldAskForADirectoryToBeAllowedFirst() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "security-no-target").send(20);
        try (WorkerProcess worker = job.worker().start()) {
            awaitReady(worker);

            // When, Then
            for (String body : List.of("", "{\"target-directory\":\"" + directory + "/savepoints\"}")) {
                at(worker)
                        .contentType(ContentType.JSON)
                        .body(body)
                        .post("/savepoints")
                        .then()
                        .statusCode(body.isEmpty() ? 400 : 403)
                        .contentType(PROBLEM)
                        .body("detail", containsString("state.savepoints.dir"))
                        .body("detail", containsString("cairn.savepoints.allowed-directories"));
            }
        }
    }

    @Test
    void shouldRefuseNamesThatLeadElsewhere() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "security-names").send(20);

        // When, Then: a job
        try (WorkerProcess worker = job.worker().set("cairn.job", "../../etc").start()) {
            assertThat(worker.awaitExit(LIMIT)).isNotZero();
            assertThat(String.join("\n", worker.output())).contains("cairn.job", "../../etc", "Write letters");
        }
        assertThat(directory.resolve("etc")).doesNotExist();

        // A state, a savepoint
        try (WorkerProcess worker = job.worker().start()) {
            awaitReady(worker);
            for (String name : List.of("..%2F..%2Fetc", "%2e%2e%2f%2e%2e%2fetc")) {
                at(worker)
                        .urlEncodingEnabled(false)
                        .get("/state/" + name + "/key")
                        .then()
                        .statusCode(400)
                        .contentType(PROBLEM);
            }
            for (String target : List.of(
                    "../../etc",
                    "/tmp/../etc",
                    "file:/tmp/../etc",
                    "s3://bucket/../other",
                    "ftp://host/dir",
                    "data",
                    "")) {
                for (String path : List.of("/savepoints", "/job/stop")) {
                    at(worker)
                            .contentType(ContentType.JSON)
                            .body("{\"target-directory\":\"" + target + "\"}")
                            .post(path)
                            .then()
                            .statusCode(400)
                            .contentType(PROBLEM)
                            .body("detail", containsString("s3://bucket/prefix"));
                }
            }
            assertThat(Files.exists(Path.of("/tmp/etc"))).isFalse();
        }
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

    private static Optional<String> addressOutside() {
        try {
            return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .flatMap(network -> Collections.list(network.getInetAddresses()).stream())
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .findFirst();
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static KeyPair keyPair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }
}
