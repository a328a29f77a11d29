package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.storage.Printable;
import dev.cairn.testkit.RawHttp;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.worker.WorkerProcess;

/** What a worker says to requests that it cannot answer, and to callers who do not wait for one. */
class HttpProblemsIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    static Path directory;

    private static WorkerProcess worker;

    @BeforeAll
    static void start() {
        SmallJob job =
                SmallJob.create(Brokers.shared(), directory, "http-problems").send(20);
        worker = job.worker().set("quarkus.http.read-timeout", "2s").start();
        await("ready").atMost(LIMIT).until(() -> worker.health("ready").isUp());
    }

    @AfterAll
    static void stop() {
        if (worker != null) {
            worker.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "GET | /%zz | 400 | %25",
                "GET | /state/aggregate/100% | 400 | %25",
                "GET | /state/aggregate/a?consistency=%zz | 400 | %25",
                "GET | /state/aggregate/%ff | 400 | encoding=base64",
                "GET | /state/a%0ab/a | 400 | cannot name a state",
                "GET | /state/aggregate/a?encoding=base64 | 400 | Base64",
                "GET | /state/aggregate/a?encoding=BASE64 | 400 | encoding=BASE64 is not known. Write text or base64",
                "GET | /state/aggregate/a?encoding= | 400 | encoding is empty. Write text or base64",
                "GET | /state/aggregate/a?consistency=LIVE | 400 | consistency=LIVE is not known. Write committed or live",
                "GET | /state/aggregate/a?consistency=%1b | 400 | consistency=\\u001b is not known",
                "GET | /state/aggregate/a?consistency=live&consistency=committed | 400 | consistency is there 2 times",
                "GET | /state/aggregate/a?partition=x | 400 | partition=x is not a whole number",
                "GET | /state/aggregate/a?partition= | 400 | partition is empty",
                "GET | /state/aggregate/a?partition=-1 | 400 | partition=-1 is not a whole number",
                "GET | /state/aggregate/a?partition=9 | 400 | there is no partition 9: the inputs have 2",
                "GET | /state/aggregate/a?partition=99999999999999999999 | 400 | partition=99999999999999999999 is not",
                "GET | /checkpoints?limit=x | 400 | limit=x is not a whole number that can be. Write 0 to 1000",
                "GET | /checkpoints?limit=-1 | 400 | limit=-1",
                "GET | /checkpoints?limit=1001 | 400 | limit=1001",
                "GET | /checkpoints?limit=%D9%A3 | 400 | limit=",
                "GET | /checkpoints?limit= | 400 | limit is empty. Write 0 to 1000, or leave it out",
                "GET | /checkpoints?limit=1&limit=2 | 400 | limit is there 2 times. Write it once",
                "GET | /checkpoints/x/1 | 400 | partition=x",
                "GET | /checkpoints/0/x | 400 | number=x",
                "GET | /checkpoints/-1/1 | 400 | partition=-1",
                "GET | /checkpoints/99999999999/1 | 400 | partition=99999999999",
                "GET | /checkpoints/0/99999999999999999999 | 400 | number=99999999999999999999",
                "GET | /checkpoints/0/99 | 404 | no chk-99",
                "GET | /checkpoints/0 | 404 | no such path",
                "GET | /operations/ | 404 | no such path",
                "GET | /operations/%1b%5b31m | 404 | no such operation",
                "GET | /nothing | 404 | no such path",
                "GET | /savepoints/%e2%80%ae%1b | 404 | no such path",
                "GET | /operations/%e2%80%ae%e2%80%a8 | 404 | no such operation",
                "GET | /job;a=%e2%80%ae/%e2%80%ae | 404 | no such path",
                "GET | /q/nothing | 404 | no such path",
                "GET | /cairn/nothing.js | 404 | no such path",
                "GET | nothing | 404 | no such path",
                "POST | / | 404 | no such path",
                "PUT | /job | 405 | does not take this method",
                "MADEUP | /job | 405 | does not take this method",
                "GET | /state/aggregate | 405 | does not take this method",
                "GET | /worker | 403 | not signed",
            })
    void shouldSayWhatIsWrongWithARequest(String method, String path, int status, String detail) throws IOException {
        assertProblem(RawHttp.send(worker.httpPort(), request(method + " " + path + " HTTP/1.1", "")), status, detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Type: application/xml | <a/> | 415 | Content-Type: application/json",
                "Content-Type: nonsense | {} | 415 | Content-Type: application/json",
                "Content-Type: application/json | { | 400 | ",
                "Content-Type: application/json | {\"target-directory\":\"\u00ff\"} | 400 | ",
                "Content-Type: application/json | [1] | 400 | shape",
                "Content-Type: application/json | {\"target-directory\":\"/a\",\"target-directory\":\"/b\"} | 400 | ",
                "Content-Type: application/json | {\"\\u202e\\u001b\":1} | 400 | \\u202e\\u001b",
                "Content-Type: application/json | {\"target-directory\":\"/tmp/\\u001b[31m\"} | 400 | \\u001b",
                "Content-Encoding: gzip | {\"a\":1} | 400 | ",
                "Accept: image/png | {} | 406 | Accept",
            })
    void shouldSayWhatIsWrongWithABody(String header, String body, int status, String detail) throws IOException {
        assertProblem(
                RawHttp.send(
                        worker.httpPort(),
                        request(
                                "POST /savepoints HTTP/1.1\r\nContent-Length: " + body.length() + "\r\n" + header,
                                body)),
                status,
                detail == null ? "" : detail);
    }

    @ParameterizedTest
    @CsvSource({"4000, 404", "4090, 414", "16000, 414"})
    void shouldSayThatAPathIsTooLong(int length, int status) throws IOException {
        assertProblem(
                RawHttp.send(worker.httpPort(), request("GET /" + "x".repeat(length) + " HTTP/1.1", "")),
                status,
                status == 404 ? "no such path" : "quarkus.http.limits.max-initial-line-length");
    }

    @ParameterizedTest
    @CsvSource({"16000, 404", "16384, 431", "60000, 431"})
    void shouldSayThatHeadersAreTooLong(int length, int status) throws IOException {
        assertProblem(
                RawHttp.send(worker.httpPort(), request("GET /nothing HTTP/1.1\r\nX-Long: " + "x".repeat(length), "")),
                status,
                status == 404 ? "no such path" : "quarkus.http.limits.max-header-size");
    }

    @Test
    void shouldRefuseBodiesThatAreTooLargeWithoutReadingThem() throws IOException {
        assertProblem(
                RawHttp.send(
                        worker.httpPort(),
                        request(
                                "POST /savepoints HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 3000000",
                                "")),
                413,
                "quarkus.http.limits.max-body-size");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/job",
                "/workers",
                "/partitions",
                "/checkpoints",
                "/keys",
                "/config",
                "/events",
                "/state/aggregate/key-0-0",
                "/q/health",
                "/q/health/live",
                "/q/metrics",
                "/q/openapi",
                "/",
                "/nothing",
                "/worker",
                "/%zz"
            })
    void shouldSayOnceThatNothingIsToBeKeptOrGuessed(String path) throws IOException {
        // When
        List<String> head = head(request("GET " + path + " HTTP/1.1", ""));

        // Then
        assertThat(head).filteredOn(line -> line.startsWith("cache-control:")).hasSize(1);
        assertThat(head)
                .anySatisfy(line -> assertThat(line).matches("cache-control: ?no-store"))
                .contains("x-content-type-options: nosniff");
    }

    @Test
    void shouldLogNothingOfCallersWhoGoAway() throws Exception {
        // Given
        String keys = IntStream.range(0, 1_000)
                .mapToObj(number -> "\"key-" + number + "\"")
                .collect(Collectors.joining(","));
        String body = "{\"keys\":[" + keys + "]}";
        String largeKey = "{\"keys\":[\"" + "x".repeat(1_000_000) + "\"]}";
        long before = worker.mark();

        // When
        for (int i = 0; i < 100; i++) {
            leave(request("GET /events HTTP/1.1", ""), true);
        }
        for (int i = 0; i < 5; i++) {
            leave(request("GET /config HTTP/1.1", "").repeat(50), false);
            leave(
                    request(
                            "POST /state/aggregate HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: "
                                    + largeKey.length(),
                            largeKey),
                    true);
            leave(
                    request(
                            "POST /savepoints HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 900",
                            "{\"target-directory\":"),
                    false);
            leave(
                    request(
                            "POST /state/aggregate HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 90000",
                            "{\"keys\":["),
                    false);
            leave(
                    request(
                            "POST /savepoints HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked",
                            "zz\r\n"),
                    false);
            leave(
                    request(
                            "POST /state/aggregate HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: "
                                    + body.length(),
                            body),
                    false);
        }
        // One who stays and says nothing more, until it is told
        String late = RawHttp.send(
                worker.httpPort(),
                request("POST /savepoints HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 900", "{"));

        // Then
        assertThat(late).satisfiesAnyOf(answer -> assertThat(answer).isEmpty(), answer -> assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("did not arrive as a whole"));
        await("the events are missed").atMost(LIMIT).until(() -> RawHttp.get(worker.httpPort(), "/job", "localhost")
                .contains(" 200 "));
        assertThat(worker.output().stream().skip(before))
                .noneMatch(line -> line.contains("ERROR") || line.contains("WARN") || line.startsWith("\tat "));
    }

    private static void assertProblem(String answer, int status, String detail) throws IOException {
        int end = answer.indexOf("\r\n\r\n");
        assertThat(end).as("an answer: %s", answer).isPositive();
        String head = answer.substring(0, end);
        assertThat(head).startsWith("HTTP/1.1 " + status);
        assertThat(head.toLowerCase(java.util.Locale.ROOT))
                .contains("content-type: application/problem+json")
                .contains("cache-control: no-store")
                .contains("x-content-type-options: nosniff");
        assertThat(answer.chars().filter(c -> Printable.isHidden(c) && c != '\r' && c != '\n'))
                .isEmpty();
        JsonNode problem = new ObjectMapper().readTree(answer.substring(end + 4));
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).contains(detail);
        assertThat(problem.has("instance")).isTrue();
    }

    private static String request(String head, String body) {
        return head + "\r\nHost: localhost\r\nConnection: close\r\n\r\n" + body;
    }

    /** The first lines of an answer that may not end, in lower case. */
    private static List<String> head(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), worker.httpPort())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                assertThat(next).as("an answer: %s", head).isNotNegative();
                head.append((char) next);
            }
            return head.toString().toLowerCase(java.util.Locale.ROOT).lines().toList();
        }
    }

    /** Sends, reads a byte or nothing, and resets the connection. */
    private static void leave(String request, boolean read) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), worker.httpPort())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            if (read) {
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
        }
    }
}
