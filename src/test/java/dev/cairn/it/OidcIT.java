package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.restassured.response.ValidatableResponse;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.OidcProvider;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** The packaged worker with the settings of the documentation, and a provider of OIDC that it asks over HTTP. */
class OidcIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String OPERATOR = "a-token-for-those-who-act";
    private static final String PROBLEM = "application/problem+json";

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldLetInWhoTheProviderKnows() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "oidc").send(20);
        try (OidcProvider provider = OidcProvider.start();
                WorkerProcess worker = job.worker().set(settings(provider)).start()) {
            awaitReady(worker);

            // When, Then: roles
            get(worker, provider.token("viewer")).statusCode(200).body("control", equalTo("refused"));
            pause(worker, provider.token("viewer")).statusCode(403).contentType(PROBLEM);
            get(worker, provider.token("operator")).statusCode(200).body("control", equalTo("token"));
            pause(worker, provider.token("operator")).statusCode(202);
            get(worker, provider.token("guest")).statusCode(403).contentType(PROBLEM);
            JwtClaims groups = provider.claims("guest");
            groups.setStringListClaim("groups", List.of("viewer"));
            get(worker, OidcProvider.signed(groups, provider.key())).statusCode(200);

            // What is no good
            refused(worker, changed(provider, claims -> claims.setAudience("other")));
            refused(worker, changed(provider, claims -> claims.unsetClaim("aud")));
            refused(worker, changed(provider, claims -> claims.setIssuer("http://localhost:1/realms/data")));
            refused(worker, changed(provider, claims -> claims.unsetClaim("iss")));
            refused(worker, changed(provider, claims -> claims.setExpirationTime(secondsFromNow(-60))));
            refused(worker, changed(provider, claims -> claims.unsetClaim("exp")));
            refused(worker, OidcProvider.unsigned(provider.claims("operator")));
            refused(worker, OidcProvider.signed(provider.claims("operator"), OidcProvider.newKey("key-2")));
            refused(
                    worker,
                    OidcProvider.signed(
                            provider.claims("operator"),
                            OidcProvider.newKey(provider.key().getKeyId())));
            String good = provider.token("operator");
            refused(worker, good.substring(0, good.lastIndexOf('.') + 1));
            refused(worker, "a.b.c");
            given().baseUri("http://localhost")
                    .port(worker.httpPort())
                    .get("/job")
                    .then()
                    .statusCode(401);

            // When the provider goes, who comes with a key that is known is still let in
            provider.go();
            get(worker, provider.token("viewer")).statusCode(200);
            refused(worker, OidcProvider.signed(provider.claims("operator"), OidcProvider.newKey("key-3")));
        }
    }

    @Test
    void shouldWaitForAProviderThatComesLater() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "oidc-later").send(20);
        try (OidcProvider provider = OidcProvider.prepare();
                WorkerProcess worker = job.worker()
                        .set(settings(provider))
                        .set("cairn.security.operator-token", OPERATOR)
                        .start()) {

            // When, Then: it processes, and lets in only those who have its own token
            job.awaitCaughtUp();
            awaitReady(worker);
            get(worker, provider.token("operator")).statusCode(503).body("detail", containsString("OIDC provider"));
            pause(worker, provider.token("operator")).statusCode(503).body("detail", containsString("OIDC provider"));
            get(worker, OPERATOR).statusCode(200).body("control", equalTo("token"));

            // When
            provider.come();

            // Then
            await("it has asked again").atMost(LIMIT).untilAsserted(() -> get(worker, provider.token("viewer"))
                    .statusCode(200));
            pause(worker, provider.token("operator")).statusCode(202);
            refused(worker, changed(provider, claims -> claims.setAudience("other")));
        }
    }

    private static Map<String, String> settings(OidcProvider provider) {
        Map<String, String> settings = new LinkedHashMap<>(DocumentedSettings.ofSecurity("## OIDC"));
        settings.put("QUARKUS_OIDC_AUTH_SERVER_URL", provider.address());
        return settings;
    }

    private static String changed(OidcProvider provider, Consumer<JwtClaims> change) {
        JwtClaims claims = provider.claims("operator");
        change.accept(claims);
        return OidcProvider.signed(claims, provider.key());
    }

    private static NumericDate secondsFromNow(long seconds) {
        NumericDate date = NumericDate.now();
        date.addSeconds(seconds);
        return date;
    }

    private static ValidatableResponse get(WorkerProcess worker, String token) {
        return given().baseUri("http://localhost")
                .port(worker.httpPort())
                .header("Authorization", "Bearer " + token)
                .get("/job")
                .then();
    }

    private static ValidatableResponse pause(WorkerProcess worker, String token) {
        return given().baseUri("http://localhost")
                .port(worker.httpPort())
                .header("Authorization", "Bearer " + token)
                .post("/job/pause")
                .then();
    }

    private static void refused(WorkerProcess worker, String token) {
        get(worker, token).statusCode(401).contentType(PROBLEM).header("WWW-Authenticate", startsWith("Bearer"));
        pause(worker, token).statusCode(401).contentType(PROBLEM);
    }

    private static void awaitReady(WorkerProcess worker) {
        await("ready").atMost(LIMIT).until(() -> worker.health("ready").isUp());
    }
}
