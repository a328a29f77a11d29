package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthCommandTest {

    private HttpServer server;
    private String asked;
    private int status = 200;
    private String answer = "{\"status\":\"UP\",\"checks\":[]}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestURI().getPath();
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        System.clearProperty("quarkus.http.port");
        System.clearProperty("quarkus.http.root-path");
        System.clearProperty("quarkus.http.ssl-port");
        System.clearProperty("quarkus.http.insecure-requests");
    }

    @Test
    void shouldAskTheWorkerOfTheSettings() {
        System.setProperty(
                "quarkus.http.port", Integer.toString(server.getAddress().getPort()));

        Typed typed = Typed.command("health");

        assertThat(typed.exitCode()).isZero();
        assertThat(typed.out()).isEqualToIgnoringNewLines("ready: UP");
        assertThat(asked).isEqualTo("/q/health/ready");
    }

    @Test
    void shouldAskBelowTheRootPathOfTheSettings() {
        System.setProperty(
                "quarkus.http.port", Integer.toString(server.getAddress().getPort()));
        System.setProperty("quarkus.http.root-path", "/jobs/orders");

        assertThat(Typed.command("health").exitCode()).isZero();
        assertThat(asked).isEqualTo("/jobs/orders/q/health/ready");
    }

    @Test
    void shouldAskByTlsWhereTheSettingsServeNothingElse() {
        System.setProperty(
                "quarkus.http.ssl-port", Integer.toString(server.getAddress().getPort()));
        System.setProperty("quarkus.http.insecure-requests", "disabled");

        Typed typed = Typed.command("health");

        assertThat(typed.exitCode()).isEqualTo(1);
        assertThat(typed.err())
                .startsWith("error: no answer from https://localhost:"
                        + server.getAddress().getPort() + "/q/health/ready: ");
    }

    @Test
    void shouldSayWhatIsDown() {
        status = 503;
        answer =
                "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"store\",\"status\":\"DOWN\",\"data\":{\"write\":\"denied\"}},"
                        + "{\"name\":\"loops\",\"status\":\"UP\"}]}";

        Typed typed = Typed.command("health", "--probe", "live", "--url", url());

        assertThat(typed.exitCode()).isEqualTo(1);
        assertThat(typed.out().lines()).containsExactly("live: DOWN", "store: {\"write\":\"denied\"}");
        assertThat(asked).isEqualTo("/q/health/live");
        assertThat(Typed.command("health", "--url", url(), "-o", "json")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("DOWN");
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        String url = url();
        server.stop(0);

        Typed typed = Typed.command("health", "--url", url);

        assertThat(typed.exitCode()).isEqualTo(1);
        assertThat(typed.err())
                .startsWith("error: no answer from " + url + "/ready: ")
                .contains("Start the worker");
    }

    @Test
    void shouldNotTakeSomethingElseForAWorker() {
        status = 404;

        Typed typed = Typed.command("health", "--url", url());

        assertThat(typed.exitCode()).isEqualTo(1);
        assertThat(typed.err()).contains("answered with status 404");
    }

    private String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/q/health";
    }
}
