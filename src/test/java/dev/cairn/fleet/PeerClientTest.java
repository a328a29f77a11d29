package dev.cairn.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.cairn.fleet.PeerSignature.Signed;
import dev.cairn.worker.group.Peer;

class PeerClientTest {

    private static final String SECRET = "a-secret-that-only-workers-know-of";
    private static final PeerSignature SIGNATURE = new PeerSignature(SECRET);
    private static final PeerClient.Limits LIMITS = new PeerClient.Limits(Duration.ofSeconds(2), 1_000);

    private final CountDownLatch end = new CountDownLatch(1);
    private final PeerClient client = new PeerClient(Optional.of(SECRET), "/root", Optional.empty());
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
        });
        answer("/root/good", 10, true);
        answer("/root/unsigned", 10, false);
        answer("/root/large", 1_001, true);
        server.createContext("/root/hangs", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            await();
        });
        server.createContext("/root/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/root/good");
            exchange.sendResponseHeaders(302, -1);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        client.close();
    }

    private void answer(String path, int bytes, boolean signed) {
        server.createContext(path, exchange -> {
            byte[] body = "x".repeat(bytes).getBytes(StandardCharsets.UTF_8);
            String nonce = Signed.parse(exchange.getRequestHeaders().getFirst("Cairn-Peer"))
                    .orElseThrow()
                    .nonce();
            if (signed) {
                exchange.getResponseHeaders().set("Cairn-Peer", SIGNATURE.signAnswer(nonce, body));
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldBelieveWhatIsSignedSmallAndInTime() {
        assertThat(get("/good").join()).asString(StandardCharsets.UTF_8).isEqualTo("x".repeat(10));
        assertThat(failure("/unsigned")).isEqualTo("answers without the signature of a worker of this job");
        assertThat(failure("/large")).isEqualTo("answers with more than 1000 bytes");
        assertThat(failure("/moved")).isEqualTo("answers 302");
        assertThat(failure("/nowhere")).isEqualTo("answers 404");
        assertThat(failure("/hangs")).isEqualTo("does not answer within 2000 ms");
        assertThat(failure("/good")).as("at once afterwards").isEqualTo("has not answered the question before in time");
    }

    @Test
    void shouldNotAskAtAnAddressThatIsNone() {
        for (String address : new String[] {"ftp://x", "http://localhost:1/path", "http://user@localhost:1", "x"}) {
            Peer rogue = new Peer("rogue", URI.create(address));
            assertThat(failure(client.get("job", rogue, "/good", LIMITS)))
                    .startsWith("says that it listens at " + address);
        }
    }

    @Test
    void shouldNotAskWithoutASecret() {
        PeerClient without = new PeerClient(Optional.empty(), "", Optional.empty());

        assertThat(failure(without.get("job", worker(), "/good", LIMITS)))
                .isEqualTo(
                        "is not asked, because cairn.security.peer-secret is not set. Set the same secret for all workers"
                                + " of the job");
    }

    @Test
    void shouldNotLetOneWorkerTakeTheRoomOfAll() {
        // When
        List<CompletableFuture<byte[]>> hanging = IntStream.range(0, 32)
                .mapToObj(number -> client.get("job", worker(), "/hangs", LIMITS))
                .toList();

        // Then
        assertThat(hanging).noneMatch(CompletableFuture::isDone);
        assertThat(failure("/good")).isEqualTo("has not answered 32 questions yet");
    }

    private CompletableFuture<byte[]> get(String path) {
        CompletableFuture<byte[]> asked = client.get("job", worker(), path, LIMITS);
        asked.handle((answer, failure) -> answer).join();
        return asked;
    }

    private String failure(String path) {
        return failure(get(path));
    }

    private static String failure(CompletableFuture<byte[]> asked) {
        return asked.handle((answer, failure) -> failure == null ? "none" : PeerSurvey.why(failure))
                .join();
    }

    private Peer worker() {
        return new Peer(
                "worker", URI.create("http://localhost:" + server.getAddress().getPort()));
    }
}
