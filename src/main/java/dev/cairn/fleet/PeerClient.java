package dev.cairn.fleet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;

import dev.cairn.worker.Peer;

/**
 * Asks other workers of the job by HTTP: once, with short limits, and not too much at a time. Where they are served by TLS,
 * the default configuration of Quarkus' registry says whom to trust. Thread-safe.
 */
@ApplicationScoped
public class PeerClient {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    private static final int MOST_AT_A_TIME = 256;
    private static final int OK = 200;

    private final Semaphore room = new Semaphore(MOST_AT_A_TIME);
    private final HttpClient http;

    @Inject
    PeerClient(TlsConfigurationRegistry tls) {
        this(tls.getDefault());
    }

    private PeerClient(Optional<TlsConfiguration> tls) {
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_LIMIT);
        tls.ifPresent(configuration -> {
            try {
                client.sslContext(configuration.createSSLContext());
            } catch (Exception e) {
                throw new IllegalStateException("the default TLS configuration cannot be used: " + e.getMessage(), e);
            }
        });
        http = client.build();
    }

    /**
     * Reads from a worker.
     *
     * @param path with its query, beginning with a slash
     * @param authorization the header of whoever asks
     * @return the body of an answer 200; fails with an {@link IOException} in any other case
     */
    CompletableFuture<byte[]> get(Peer worker, String path, Optional<String> authorization, Duration limit) {
        return send(request(worker, path, authorization, limit).GET(), limit);
    }

    /** As {@link #get}, with a question in JSON. */
    CompletableFuture<byte[]> post(
            Peer worker, String path, byte[] json, Optional<String> authorization, Duration limit) {
        return send(
                request(worker, path, authorization, limit)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(json)),
                limit);
    }

    private static HttpRequest.Builder request(
            Peer worker, String path, Optional<String> authorization, Duration limit) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(worker.address() + path))
                .timeout(limit)
                .header("Accept", "application/json");
        authorization.ifPresent(header -> request.header("Authorization", header));
        return request;
    }

    private CompletableFuture<byte[]> send(HttpRequest.Builder request, Duration limit) {
        if (!room.tryAcquire()) {
            return CompletableFuture.failedFuture(new IOException("too many questions at a time"));
        }
        CompletableFuture<HttpResponse<byte[]>> asked = http.sendAsync(request.build(), BodyHandlers.ofByteArray());
        // The request's own limit ends with the headers of the answer.
        return asked.copy()
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> {
                    room.release();
                    if (failure != null) {
                        asked.cancel(true);
                    }
                })
                .thenCompose(PeerClient::body);
    }

    private static CompletableFuture<byte[]> body(HttpResponse<byte[]> answer) {
        return answer.statusCode() == OK
                ? CompletableFuture.completedFuture(answer.body())
                : CompletableFuture.failedFuture(new IOException("it answers " + answer.statusCode()));
    }
}
