package dev.cairn.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.worker.WorkerProcess;

/** What callers can use up of a worker: less than makes it fail. */
class HttpLimitsIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final String VIEWER = "a-token-for-those-who-look";
    private static final int CONNECTIONS = 300;

    @TempDir
    static Path directory;

    private static WorkerProcess worker;

    @BeforeAll
    static void start() {
        SmallJob job =
                SmallJob.create(Brokers.shared(), directory, "http-limits").send(20);
        worker = job.worker()
                .set("cairn.security.viewer-token", VIEWER)
                .set("quarkus.http.idle-timeout", "3s")
                .set("quarkus.http.limits.max-connections", Integer.toString(CONNECTIONS))
                .jvm("-Xmx192m")
                .start();
        await("ready").atMost(LIMIT).until(() -> worker.health("ready").isUp());
    }

    @AfterAll
    static void stop() {
        worker.close();
    }

    @Test
    void shouldSurviveBodiesOfFarTooManyKeys() {
        // Given
        String keys = IntStream.range(0, 210_000)
                .mapToObj(number -> "\"key-" + number + "\"")
                .collect(Collectors.joining(","));
        String internal = IntStream.range(0, 40_000)
                .mapToObj(number -> "{\"key\":\"a2V5\",\"partition\":0,\"partitionCount\":2}")
                .collect(Collectors.joining(","));
        HttpClient http = HttpClient.newHttpClient();

        // When
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            asked.add(post(http, "/state/aggregate", "{\"keys\":[" + keys + "]}"));
            asked.add(post(http, "/state/aggregate", "{\"keys\":[" + keys.substring(0, 800_000) + "\"]}"));
            asked.add(post(
                    http,
                    "/worker/state/aggregate",
                    "{\"job\":\"http-limits\",\"consistency\":\"COMMITTED\",\"keys\":[" + internal + "]}"));
        }

        // Then
        asked.forEach(answer -> {
            try {
                assertThat(answer.join().statusCode()).isIn(400, 403, 413, 503);
            } catch (RuntimeException e) {
                assertThat(e).as("a connection that was closed on a body").hasRootCauseInstanceOf(IOException.class);
            }
        });
        assertThat(worker.health("live").isUp()).isTrue();
        assertThat(worker.output()).noneMatch(line -> line.contains("OutOfMemoryError"));
        as(VIEWER)
                .contentType("application/json")
                .body("{\"keys\":[" + keys.substring(0, 20_000) + "\"]}")
                .post("/state/aggregate")
                .then()
                .statusCode(400)
                .body("detail", containsString("ask for 1000 at a time"));
        as(VIEWER)
                .contentType("application/json")
                .body("{\"keys\":[\"key-0-0\"]}")
                .post("/state/aggregate")
                .then()
                .statusCode(200);
    }

    @Test
    void shouldCloseHalfRequestsAndRefuseTooManyConnections() throws Exception {
        // When
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 2 * CONNECTIONS; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), worker.httpPort());
            sockets.add(socket);
            try {
                socket.getOutputStream().write("GET /job HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It was closed already.
            }
        }

        // Then
        assertThat(sockets).filteredOn(socket -> isClosed(socket, 50)).hasSizeGreaterThanOrEqualTo(CONNECTIONS - 10);
        await("all are closed").atMost(Duration.ofSeconds(30)).until(() -> sockets.stream()
                .allMatch(socket -> isClosed(socket, 1)));
        assertThat(worker.health("live").isUp()).isTrue();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void shouldMakeNoSeriesOfMadeUpMethodsAndPaths() {
        // Given: connections of another test may count until the worker has noticed that they are closed
        await("connections are free")
                .atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> as(VIEWER).get("/job").then().statusCode(200));
        long before = series();

        // When
        for (int i = 0; i < 150; i++) {
            once(as(VIEWER)).request("MADEUP" + i, "/job");
            once(given().baseUri("http://localhost").port(worker.httpPort())).get("/made-up-" + i);
            once(as(VIEWER)).get("/made-up-too-" + i);
        }

        // Then
        assertThat(series() - before).isLessThan(30);
        String scrape = scrape();
        assertThat(scrape).contains("method=\"OTHER\"", "uri=\"/job\"").doesNotContain("MADEUP", "made-up");
    }

    /** So that the connection counts no longer than its request: these requests come faster than idle ones are closed. */
    private static RequestSpecification once(RequestSpecification request) {
        return request.header("Connection", "close");
    }

    private static String scrape() {
        return given().baseUri("http://localhost")
                .port(worker.httpPort())
                .get("/q/metrics")
                .asString();
    }

    private static long series() {
        return scrape().lines().filter(line -> line.startsWith("http_server")).count();
    }

    private static boolean isClosed(Socket socket, int millis) {
        try {
            socket.setSoTimeout(millis);
            while (socket.getInputStream().read() >= 0) {
                // An answer, after which it is closed.
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static CompletableFuture<HttpResponse<String>> post(HttpClient http, String path, String body) {
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create("http://localhost:" + worker.httpPort() + path))
                        .timeout(ANSWER_LIMIT)
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + VIEWER)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static RequestSpecification as(String token) {
        return given().baseUri("http://localhost").port(worker.httpPort()).header("Authorization", "Bearer " + token);
    }
}
