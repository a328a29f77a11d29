package dev.cairn.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** What arrives where traces are sent, once someone has turned them on. */
class TracingIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestBroker broker = Brokers.shared();
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private HttpServer collector;

    @TempDir
    Path directory;

    @BeforeEach
    void startCollector() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", this::take);
        collector.start();
    }

    @AfterEach
    void stopCollector() {
        collector.stop(0);
    }

    @Test
    void shouldSendASpanForEachCheckpointItsPhasesAndEachRestore() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "traces");
        try (WorkerProcess worker = job.worker()
                .set("quarkus.otel.sdk.disabled", "false")
                .set(
                        "quarkus.otel.exporter.otlp.endpoint",
                        "http://localhost:" + collector.getAddress().getPort())
                .set("quarkus.otel.exporter.otlp.protocol", "http/protobuf")
                .set("quarkus.otel.bsp.schedule.delay", "200ms")
                .start()) {

            // When
            job.send(200).awaitCaughtUp();

            // Then: names stand in protobuf as they are
            await("spans of a checkpoint and a restore").atMost(LIMIT).untilAsserted(() -> assertThat(
                            String.join("", arrived))
                    .contains(
                            "checkpoint",
                            "freeze",
                            "sort",
                            "write",
                            "upload",
                            "commit",
                            "ingest",
                            "restore",
                            "cairn.checkpoint.trigger",
                            "interval",
                            "worker-1"));
            worker.terminate(LIMIT);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            arrived.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }
}
