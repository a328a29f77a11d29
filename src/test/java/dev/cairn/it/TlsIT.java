package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.restassured.config.SSLConfig;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.CertificateAuthority;
import dev.cairn.testkit.Ports;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** Packaged workers with the settings of the documentation, served by TLS only. */
class TlsIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();
    private final Map<WorkerProcess, Integer> ports = new HashMap<>();
    private CertificateAuthority authority;

    @TempDir
    Path directory;

    @BeforeEach
    void createAuthority() throws Exception {
        authority = CertificateAuthority.create(directory.resolve("authority"));
    }

    @Test
    void shouldServeAndAskOtherWorkersByTls() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "tls").send(40);
        Map<String, String> settings = DocumentedSettings.ofSecurity("## TLS");
        try (WorkerProcess one = start(job, "one", settings, authority);
                WorkerProcess two = start(job, "two", settings, authority)) {

            // When, Then
            for (WorkerProcess worker : List.of(one, two)) {
                awaitEachOther(() -> at(worker, trusting(authority)));
                assertThat(worker.health("ready").status()).as("without TLS").isZero();
            }
            assertAnswersForBoth(at(one, trusting(authority)));
            assertThat(health(one, true).exitCode()).isZero();
            Cairn.Result distrusting = health(one, false, "-Dnothing=here");
            assertThat(distrusting.exitCode()).isEqualTo(1);
            assertThat(distrusting.err()).contains("javax.net.ssl.trustStore");
        }
    }

    @Test
    void shouldShowAWorkerWhoseCertificateNobodyVouchesFor() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "tls-stranger").send(40);
        Map<String, String> settings = DocumentedSettings.ofSecurity("## TLS");
        CertificateAuthority other = CertificateAuthority.create(directory.resolve("other"));
        try (WorkerProcess one = start(job, "one", settings, authority);
                WorkerProcess two = start(job, "two", settings, other)) {

            // When, Then
            await("it is not believed").atMost(LIMIT).ignoreExceptions().untilAsserted(() -> at(
                            one, trusting(authority))
                    .get("/workers")
                    .then()
                    .body("find { it.instance == 'two' }.reachable", is(false))
                    .body("find { it.instance == 'two' }.reasons[0].text", containsString("PKIX")));
            assertThat(two.isAlive()).isTrue();
        }
    }

    @Test
    void shouldLetInOnlyWhoHasACertificate() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "tls-mutual").send(40);
        Map<String, String> settings = new LinkedHashMap<>(DocumentedSettings.ofSecurity("## TLS"));
        settings.putAll(DocumentedSettings.ofSecurity("### Certificates of callers"));
        CertificateAuthority other = CertificateAuthority.create(directory.resolve("other"));
        File client = authority.issue("client").store().toFile();
        File stranger = other.issue("stranger").store().toFile();
        try (WorkerProcess one = start(job, "one", settings, authority);
                WorkerProcess two = start(job, "two", settings, authority)) {

            // When, Then: who has one, the other worker, and the command
            for (WorkerProcess worker : List.of(one, two)) {
                awaitEachOther(() -> at(worker, trusting(authority).keyStore(client, CertificateAuthority.PASSWORD)));
            }
            assertAnswersForBoth(at(two, trusting(authority).keyStore(client, CertificateAuthority.PASSWORD)));
            assertThat(health(one, true, keyStore()).exitCode()).isZero();

            // No one else
            for (SSLConfig without : List.of(
                    trusting(authority), trusting(authority).keyStore(stranger, CertificateAuthority.PASSWORD))) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> at(one, without).get("/q/health/ready"));
            }
            Cairn.Result refused = health(one, true);
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("error: no answer from https://localhost:", "javax.net.ssl.keyStore");
        }
    }

    private void assertAnswersForBoth(RequestSpecification worker) {
        await("both answer for keys").atMost(LIMIT).untilAsserted(() -> worker.contentType(ContentType.JSON)
                .body("{\"keys\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\"]}")
                .post("/state/aggregate")
                .then()
                .statusCode(200)
                .body("results.worker", hasItem("one"))
                .body("results.worker", hasItem("two")));
    }

    private static void awaitEachOther(java.util.function.Supplier<RequestSpecification> worker) {
        await("both are reached").atMost(LIMIT).ignoreExceptions().untilAsserted(() -> worker.get()
                .get("/workers")
                .then()
                .statusCode(200)
                .body("instance", hasItem("one"))
                .body("instance", hasItem("two"))
                .body("reachable", everyItem(is(true))));
    }

    private WorkerProcess start(SmallJob job, String instance, Map<String, String> settings, CertificateAuthority by)
            throws IOException, GeneralSecurityException {
        CertificateAuthority.Issued issued = by.issue(instance);
        int port = Ports.free();
        Map<String, String> own = new LinkedHashMap<>(settings);
        own.replace("QUARKUS_TLS_KEY_STORE_PEM__0__CERT", issued.certificate().toString());
        own.replace("QUARKUS_TLS_KEY_STORE_PEM__0__KEY", issued.key().toString());
        own.replace("QUARKUS_TLS_TRUST_STORE_PEM_CERTS", by.certificate().toString());
        own.replace("QUARKUS_HTTP_SSL_PORT", Integer.toString(port));
        own.replace("CAIRN_ADVERTISED_ADDRESS", "https://localhost:" + port);
        WorkerProcess worker = job.worker()
                .name(job.name() + "-" + instance)
                .set(own)
                .set("cairn.instance", instance)
                .set(
                        "taskmanager.state.local.root-dirs",
                        directory.resolve("local-" + instance).toString())
                .start();
        ports.put(worker, port);
        return worker;
    }

    private RequestSpecification at(WorkerProcess worker, SSLConfig ssl) {
        return given().config(io.restassured.RestAssured.config().sslConfig(ssl))
                .baseUri("https://localhost")
                .port(ports.get(worker));
    }

    private static SSLConfig trusting(CertificateAuthority authority) {
        try {
            return SSLConfig.sslConfig().trustStore(store(authority.trustStore()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore store(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var content = Files.newInputStream(file)) {
            store.load(content, CertificateAuthority.PASSWORD.toCharArray());
        }
        return store;
    }

    private String[] keyStore() {
        return new String[] {
            "-Djavax.net.ssl.keyStore=" + directory.resolve("authority/client.p12"),
            "-Djavax.net.ssl.keyStorePassword=" + CertificateAuthority.PASSWORD
        };
    }

    /** The command, with flags of the JVM as the documentation names them. */
    private Cairn.Result health(WorkerProcess worker, boolean trusting, String... flags)
            throws IOException, InterruptedException {
        String trust = "-Djavax.net.ssl.trustStore=" + authority.trustStore() + " -Djavax.net.ssl.trustStorePassword="
                + CertificateAuthority.PASSWORD;
        return Cairn.in(
                directory,
                Map.of("JDK_JAVA_OPTIONS", (trusting ? trust + " " : "") + String.join(" ", flags)),
                "health",
                "--url",
                "https://localhost:" + ports.get(worker) + "/q/health");
    }
}
