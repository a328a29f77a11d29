package dev.cairn.it;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.restassured.RestAssured;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.testkit.worker.StoppedJob;

/**
 * What was packaged, a jar or an executable, as Quarkus starts it: on checkpoints in S3, with a local database that RocksDB
 * refuses to open, and input compressed in every way.
 */
@QuarkusIntegrationTest
@WithTestResource(StoppedJob.Damaged.class)
class ExecutableIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"((?:cairn|webjars)/[^\"]+)\"");

    private final StoppedJob job = StoppedJob.of(StoppedJob.Damaged.class);

    @Test
    void shouldReadWhateverProducersCompressAndGoOnFromS3() {
        // Given
        awaitReady();

        // When
        job.send();
        job.awaitCommitted();

        // Then
        job.verifyExactlyOnce();
        for (String compression : StoppedJob.COMPRESSIONS) {
            String key = StoppedJob.key(compression, 3);
            given().pathParam("key", key)
                    .queryParam("partition", StoppedJob.partition(key))
                    .get("/state/aggregate/{key}")
                    .then()
                    .statusCode(200)
                    .body("value.count", equalTo(2))
                    .body("value.sum", equalTo(14));
        }
    }

    @Test
    void shouldRestoreWhatRocksDbCannotOpen() {
        // When: the error crosses from C++
        awaitReady();

        // Then
        String metrics = get("/q/metrics").asString();
        assertThat(metrics.lines().filter(line -> line.startsWith("cairn_restore_duration_seconds_count")))
                .anyMatch(line -> line.contains("source=\"store\"") && line.endsWith(" 1.0"))
                .anyMatch(line -> line.contains("source=\"local\"") && line.endsWith(" 1.0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/job",
                "/workers",
                "/partitions",
                "/checkpoints",
                "/config",
                "/keys",
                "/q/health",
                "/q/openapi?format=json"
            })
    void shouldAnswerInJson(String path) {
        awaitReady();
        get(path).then().statusCode(200).contentType(containsString("json"));
    }

    @Test
    void shouldHaveThePageAndAllThatItLoads() {
        // When
        String page = get("/").then().statusCode(200).extract().asString();

        // Then
        List<String> loaded =
                LOADED.matcher(page).results().map(found -> found.group(1)).toList();
        assertThat(loaded).anyMatch(path -> path.startsWith("webjars/")).hasSizeGreaterThan(3);
        loaded.forEach(path -> get("/" + path).then().statusCode(200));
    }

    @Test
    void shouldTakeASavepoint() {
        // Given
        awaitReady();

        // When
        String operation = given().noContentType()
                .post("/savepoints")
                .then()
                .statusCode(202)
                .extract()
                .path("request-id");

        // Then
        await("the savepoint")
                .atMost(LIMIT)
                .untilAsserted(() ->
                        get("/operations/" + operation).then().statusCode(200).body("status.id", equalTo("COMPLETED")));
    }

    @Test
    void shouldSendEvents() throws Exception {
        // Given
        awaitReady();
        HttpRequest events = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/events"))
                .timeout(LIMIT)
                .build();

        // When
        try (var lines = HttpClient.newHttpClient()
                .send(events, HttpResponse.BodyHandlers.ofLines())
                .body()) {
            // Then
            assertThat(lines.filter(line -> line.startsWith("data:")).findFirst())
                    .hasValueSatisfying(data -> assertThat(data).contains("{"));
        }
    }

    private static void awaitReady() {
        await("the worker is ready")
                .atMost(LIMIT)
                .until(() -> get("/q/health/ready").statusCode() == 200);
    }
}
