package dev.cairn.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestPaceTest {

    private static final int PER_SECOND = 20;
    private static final int SAVED = 5 * PER_SECOND;
    private static final int WAITING = 2 * PER_SECOND;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldLetWhatIsBeyondTheLimitWaitAndRefuseTheRest() throws Exception {
        // Given
        int port = serve(PER_SECOND);
        String body = "a body of the caller";

        // When
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < SAVED + 3 * WAITING; i++) {
            asked.add(post(port, i % 2 == 0 ? "/root/state/x" : "/root//job", body));
        }
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> answer : asked) {
            answers.add(answer.get(30, TimeUnit.SECONDS));
        }

        // Then
        List<HttpResponse<String>> good =
                answers.stream().filter(answer -> answer.statusCode() == 200).toList();
        assertThat(good).hasSizeGreaterThanOrEqualTo(SAVED + WAITING).allSatisfy(answer -> assertThat(answer.body())
                .isEqualTo(body));
        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() != 200)
                .isNotEmpty()
                .allSatisfy(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(429);
                    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
                    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
                    assertThat(answer.body()).contains("cairn.http.requests-per-second");
                });
        assertThat(post(port, "/root/q/health/live", body)
                        .get(30, TimeUnit.SECONDS)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldNotCountHealthPeersAndTheHostsOwnPaths() throws Exception {
        // Given
        int port = serve(1);

        // When, Then
        for (int i = 0; i < 50; i++) {
            for (String path : List.of("/root/q/health", "/root/q/metrics", "/root/worker/keys", "/root/", "/other")) {
                assertThat(post(port, path, "").get(30, TimeUnit.SECONDS).statusCode())
                        .as(path)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void shouldHaveNoLimitWithZero() throws Exception {
        int port = serve(0);
        for (int i = 0; i < 50; i++) {
            assertThat(post(port, "/root/job", "").get(30, TimeUnit.SECONDS).statusCode())
                    .isEqualTo(200);
        }
    }

    private int serve(int perSecond) throws Exception {
        Router router = Router.router(vertx);
        new RequestPace(perSecond, new RequestPath("/root")).install(router);
        router.route().handler(request -> request.request().body().onSuccess(body -> request.response()
                .end(body)));
        HttpServer server = vertx.createHttpServer().requestHandler(router);
        return server.listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
    }

    private CompletableFuture<HttpResponse<String>> post(int port, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }
}
