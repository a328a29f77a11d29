package dev.cairn.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Serves the files of the dashboard under their own policy, and answers of a job as large as no test can run. */
final class PageServer implements AutoCloseable {

    private static final Path FILES = Path.of("src", "main", "resources", "META-INF");
    private static final String HEADER = "quarkus.http.filter.dashboard.header.\"%s\"";
    private static final Map<String, String> TYPES =
            Map.of("html", "text/html", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml");
    private static final byte[] NO_STATUS = {};
    /** The page gives a stream up that is silent for 15 s. */
    private static final byte[] SIGN_OF_LIFE = ": here\n\n".getBytes(StandardCharsets.UTF_8);

    private static final int SIGN_SECONDS = 3;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> signs;
    private final Properties headers = new Properties();
    private final Map<String, byte[]> answers;
    private final CountDownLatch answering;
    private final List<HttpExchange> streams = new CopyOnWriteArrayList<>();
    private volatile byte[] status = NO_STATUS;

    private PageServer(Map<String, Object> answers, CountDownLatch answering) throws IOException {
        this.answers = answers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, answer -> CairnJson.bytes(answer.getValue())));
        this.answering = answering;
        try (var settings = Files.newBufferedReader(FILES.resolve("microprofile-config.properties"))) {
            headers.load(settings);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        signs = clock.scheduleAtFixedRate(
                () -> streams.forEach(stream -> send(stream, SIGN_OF_LIFE)),
                SIGN_SECONDS,
                SIGN_SECONDS,
                TimeUnit.SECONDS);
    }

    /**
     * Starts one.
     *
     * @param answers by their paths, without a slash
     * @param answering nothing but files is answered before it is at zero
     */
    static PageServer start(Map<String, Object> answers, CountDownLatch answering) {
        try {
            return new PageServer(answers, answering);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    /** Sends a picture of the job to everyone who follows it, and to all who come later. */
    void show(StreamEvent.Status picture) {
        status = ("event: status\ndata: " + CairnJson.write(picture.data(Control.OPEN)) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
        streams.forEach(stream -> send(stream, status));
    }

    /** Ends the streams, and refuses new ones: so does a worker that is gone. */
    @Override
    public void close() {
        signs.cancel(true);
        clock.shutdownNow();
        streams.forEach(HttpExchange::close);
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(1);
        try {
            if (path.equals("events")) {
                answering.await();
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                send(exchange, status);
                streams.add(exchange);
            } else if (answers.containsKey(path)) {
                answering.await();
                answer(exchange, "application/json", answers.get(path));
            } else {
                file(exchange, path.isEmpty() ? "index.html" : path);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void file(HttpExchange exchange, String path) throws IOException {
        URL file = PageServer.class.getResource("/META-INF/resources/" + path);
        Path source = FILES.resolve("resources").resolve(path).normalize();
        for (String header : List.of("Content-Security-Policy", "Cache-Control", "X-Content-Type-Options")) {
            exchange.getResponseHeaders().set(header, headers.getProperty(HEADER.formatted(header)));
        }
        if (Files.isRegularFile(source)) {
            answer(exchange, type(path), Files.readAllBytes(source));
        } else if (file == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            try (var content = file.openStream()) {
                answer(exchange, type(path), content.readAllBytes());
            }
        }
    }

    private static String type(String path) {
        return TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private synchronized void send(HttpExchange stream, byte[] event) {
        try {
            stream.getResponseBody().write(event);
            stream.getResponseBody().flush();
        } catch (IOException e) {
            streams.remove(stream);
            stream.close();
        }
    }
}
