package dev.cairn.fleet;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.JobSettings;
import dev.cairn.settings.Machine;
import dev.cairn.settings.SecuritySettings;
import dev.cairn.worker.group.Peer;

/**
 * Asks other workers of the job by HTTP: once, signed, with short limits, and not too much at a time. Anyone who joins the group
 * says where it listens. So no request carries anything of a caller, and no answer counts that the secret has not signed.
 *
 * <p>Where workers are served by TLS, the default configuration of Quarkus' registry says whom to trust. Thread-safe.
 */
@ApplicationScoped
public class PeerClient {

    private static final Logger LOG = Logger.getLogger(PeerClient.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);

    /** Each may wait for the name of a host, for as long as the system's resolver does. */
    private static final int ASKING_THREADS = 32;

    private static final int THREADS = 4;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int NONCE_BYTES = 16;

    /** Answers together get this part of the heap. */
    private static final int PART_OF_HEAP = 16;

    private static final long LEAST_ROOM = 16L << 20;
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final byte[] NOTHING = {};

    private final Optional<PeerSignature> signature;
    private final String rootPath;
    private final HttpClient http;
    private final ThreadPoolExecutor asking = threads("cairn-peers-ask", ASKING_THREADS);
    private final ThreadPoolExecutor executor = threads("cairn-peers", THREADS);
    private final PeerLoad load = new PeerLoad(System::nanoTime);
    private final AtomicLong room =
            new AtomicLong(Math.max(LEAST_ROOM, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
    private final SecureRandom random = new SecureRandom();
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * What limits an answer.
     *
     * @param time until all of it is there
     * @param bytes of its body
     */
    record Limits(Duration time, int bytes) {}

    @Inject
    PeerClient(Config config, TlsConfigurationRegistry tls) {
        this(SecuritySettings.of(config).peerSecret(), Machine.rootPath(config), tls.getDefault());
    }

    PeerClient(Optional<String> secret, String rootPath, Optional<TlsConfiguration> tls) {
        this.signature = secret.map(PeerSignature::new);
        this.rootPath = rootPath;
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(asking)
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

    private static ThreadPoolExecutor threads(String name, int most) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                most,
                most,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> FleetThreads.daemon(name, task));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    @PreDestroy
    void close() {
        asking.shutdown();
        executor.shutdown();
    }

    /** Where what comes of answers may be done. Nothing waits on its threads, not even for the name of a host. */
    Executor executor() {
        return executor;
    }

    /**
     * Reads from a worker.
     *
     * @param path with its query, beginning with a slash
     * @return the body of an answer 200; fails with a {@link PeerException} in any other case
     */
    CompletableFuture<byte[]> get(String job, Peer worker, String path, Limits limits) {
        return ask(job, worker, "GET", path, NOTHING, limits);
    }

    /** As {@link #get}, with a question in JSON. */
    CompletableFuture<byte[]> post(String job, Peer worker, String path, byte[] json, Limits limits) {
        return ask(job, worker, "POST", path, json, limits);
    }

    private CompletableFuture<byte[]> ask(
            String job, Peer worker, String method, String path, byte[] body, Limits limits) {
        if (signature.isEmpty()) {
            if (!warned.getAndSet(true)) {
                LOG.warnf("the other workers of the job are not asked, %s", PeerSignature.NO_SECRET);
            }
            return failed("is not asked, " + PeerSignature.NO_SECRET);
        }
        URI address = worker.address();
        Optional<String> fault = JobSettings.faultOfAddress(address).or(() -> load.begin(address));
        if (fault.isPresent()) {
            return failed(JobSettings.faultOfAddress(address)
                    .map(why -> "says that it listens at " + address + ", which is " + why)
                    .orElse(fault.get()));
        }
        PeerSignature.Signed signed = signature
                .get()
                .sign(
                        new PeerSignature.Question(job, address, method, rootPath + path),
                        body,
                        System.currentTimeMillis(),
                        nonce());
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + rootPath + path))
                .timeout(limits.time())
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .header(PeerSignature.HEADER, signed.header())
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .build();
        return send(address, request, limits).thenCompose(answer -> body(address, answer, signed.nonce()));
    }

    private CompletableFuture<HttpResponse<byte[]>> send(URI address, HttpRequest request, Limits limits) {
        CompletableFuture<HttpResponse<byte[]>> asked =
                http.sendAsync(request, head -> new BoundedBody(limits.bytes(), room));
        // The request's own limit ends with the headers of the answer. And no thread of a clock does what follows.
        return asked.copy()
                .orTimeout(limits.time().toMillis(), TimeUnit.MILLISECONDS)
                .handleAsync(
                        (answer, failure) -> {
                            load.end(address, failure == null || !isTimeout(cause(failure)));
                            if (failure != null) {
                                asked.cancel(true);
                                throw new CompletionException(explained(cause(failure), limits));
                            }
                            return answer;
                        },
                        executor);
    }

    private CompletableFuture<byte[]> body(URI address, HttpResponse<byte[]> answer, String nonce) {
        if (answer.statusCode() == FORBIDDEN) {
            return failed("refuses the question. Give all workers of the job the same " + SettingNames.PEER_SECRET
                    + ", and clocks" + " that agree");
        }
        if (answer.statusCode() != OK) {
            return failed("answers " + answer.statusCode());
        }
        String header = answer.headers().firstValue(PeerSignature.HEADER).orElse("");
        if (!signature.orElseThrow().isAnswer(nonce, answer.body(), header)) {
            return failed("answers without the signature of a worker of this job");
        }
        load.answered(address);
        return CompletableFuture.completedFuture(answer.body());
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof TimeoutException
                || (failure instanceof HttpTimeoutException && !(failure instanceof HttpConnectTimeoutException));
    }

    private static PeerException explained(Throwable failure, Limits limits) {
        if (failure instanceof PeerException known) {
            return known;
        }
        if (isTimeout(failure)) {
            return new PeerException("does not answer within " + limits.time().toMillis() + " ms");
        }
        if (failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException) {
            return new PeerException("does not answer: no connection");
        }
        return new PeerException("does not answer: "
                + (failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage()));
    }

    /** What is behind what futures and the client wrap it in. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof CompletionException || cause.getCause() instanceof PeerException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static <T> CompletableFuture<T> failed(String why) {
        return CompletableFuture.failedFuture(new PeerException(why));
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
