package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Brokers;
import dev.cairn.testkit.Ports;
import dev.cairn.testkit.SelfSigned;
import dev.cairn.testkit.TestBroker;
import dev.cairn.testkit.WorkerProcess;

/** Who may do what with a worker, over HTTP. */
class SecurityIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String VIEWER = "a-token-for-those-who-look";
    private static final String OPERATOR = "a-token-for-those-who-act";
    private static final String PROBLEM = "application/problem+json";

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

            // Pages of others in their browsers, proxies, and names that somebody has pointed here
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

            // Other machines read, and do not control
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

            // When, Then: open to everybody
            at(worker).get("/q/health").then().statusCode(200);
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

            // Nobody is shown the tokens
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
