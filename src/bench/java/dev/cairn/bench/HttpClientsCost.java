package dev.cairn.bench;

import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dev.cairn.testkit.broker.ForkedBroker;
import dev.cairn.testkit.worker.Scrape;
import dev.cairn.testkit.worker.WorkerProcess;
import dev.cairn.testkit.worker.WorkerSettings;

/**
 * What HTTP clients cost the loops: records per second of a packaged worker with 1,000 idle and 200 busy clients and of one
 * without, in turn, on the same broker in the same run; and how long health takes to answer meanwhile.
 *
 * <p>The clients run in this process, so they take their share of the same cores. A busy client waits for its answer and then
 * for the pause before it asks again.
 *
 * <p>Arguments: records (8,000,000), rounds (2), milliseconds of pause (0), then JVM flags of the worker.
 */
public final class HttpClientsCost {

    private static final int IDLE = 1_000;
    private static final int BUSY = 200;
    private static final List<String> PATHS = List.of("/job", "/checkpoints", "/workers", "/state/aggregate/user-7");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration MEASURED = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private HttpClientsCost() {}

    public static void main(String[] arguments) throws Exception {
        long records = Throughput.number(arguments, 0, 8_000_000);
        int rounds = (int) Throughput.number(arguments, 1, 2);
        long pause = Throughput.number(arguments, 2, 0);
        List<String> flags = arguments.length > 3 ? List.of(arguments).subList(3, arguments.length) : List.of("-Xmx1g");
        Path directory =
                Files.createTempDirectory(Path.of("target"), "http-clients").toAbsolutePath();
        try (ForkedBroker broker = ForkedBroker.start(
                directory.resolve("broker"), Map.of("log.segment.bytes", "268435456"), List.of("-Xmx1g"))) {
            broker.createTopic(Throughput.INPUT, Throughput.PARTITIONS);
            load(broker.bootstrapServers(), records);
            double with = 0;
            double without = 0;
            for (int round = 0; round < rounds; round++) {
                for (boolean clients : List.of(round % 2 != 0, round % 2 == 0)) {
                    double rate = measure(broker, directory, round, clients, pause, flags);
                    Throughput.say("round %d, clients %s: %,.0f records/s", round, clients, rate);
                    if (clients) {
                        with += rate;
                    } else {
                        without += rate;
                    }
                }
            }
            Throughput.say("with over without: %.3f", with / without);
        } finally {
            Throughput.delete(directory);
        }
    }

    private static double measure(
            ForkedBroker broker, Path directory, int round, boolean clients, long pause, List<String> flags)
            throws InterruptedException {
        String job = "clients-" + clients + "-" + round;
        try (WorkerProcess worker = WorkerProcess.asDeployed()
                .jvm(flags.toArray(String[]::new))
                .set(new WorkerSettings()
                        .job(broker.bootstrapServers(), job)
                        .reads(Throughput.INPUT)
                        .aggregates("/value")
                        .threads(2)
                        .below(directory)
                        .localStateIn(directory.resolve(job))
                        .asMap())
                .start()) {
            await().atMost(LIMIT).pollInterval(POLL).until(() -> worker.health("ready")
                    .isUp());
            try (Clients crowd = new Clients(worker.httpPort(), clients ? BUSY : 0, clients ? IDLE : 0, pause)) {
                Thread.sleep(WARM_UP.toMillis());
                crowd.forget();
                double before = Scrape.of(worker).sum("cairn_records_total");
                long began = System.nanoTime();
                crowd.watchHealth(MEASURED);
                double after = Scrape.of(worker).sum("cairn_records_total");
                double seconds = (System.nanoTime() - began) / 1e9;
                crowd.say(seconds);
                if (Scrape.of(worker).sum("cairn_lag_records") == 0) {
                    throw new IllegalStateException("the worker has read all input: give more records");
                }
                return (after - before) / seconds;
            }
        }
    }

    private static void load(String bootstrapServers, long records) {
        SplittableRandom random = new SplittableRandom(42);
        Throughput.load(bootstrapServers, records, () -> "user-" + random.nextInt(100_000), i -> ("{\"value\":"
                        + (i & 1023) + "}")
                .getBytes(StandardCharsets.UTF_8));
    }

    /** Clients with a connection each, by plain sockets: what they cost is little compared with what they ask for. */
    private static final class Clients implements AutoCloseable {

        private final int port;
        private final long pause;
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong answers = new AtomicLong();
        private final AtomicLong refusals = new AtomicLong();
        private final AtomicLong slowestHealthNanos = new AtomicLong();
        private final List<Thread> threads = new ArrayList<>();
        private final List<Connection> idle = new ArrayList<>();

        Clients(int port, int busy, int idle, long pause) {
            this.port = port;
            this.pause = pause;
            for (int i = 0; i < idle; i++) {
                Connection connection = new Connection(port);
                connection.ask("/q/health/live");
                this.idle.add(connection);
            }
            for (int i = 0; i < busy; i++) {
                String path = PATHS.get(i % PATHS.size());
                Thread thread = new Thread(() -> askAgain(path), "client-" + i);
                threads.add(thread);
                thread.start();
            }
        }

        private void askAgain(String path) {
            while (!over.get()) {
                try (Connection connection = new Connection(port)) {
                    while (!over.get()) {
                        int status = connection.ask(path);
                        answers.incrementAndGet();
                        if (status != 200) {
                            refusals.incrementAndGet();
                        }
                        Thread.sleep(pause);
                    }
                } catch (UncheckedIOException e) {
                    refusals.incrementAndGet();
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        void forget() {
            answers.set(0);
            refusals.set(0);
        }

        void watchHealth(Duration time) throws InterruptedException {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                long began = System.nanoTime();
                try (Connection connection = new Connection(port)) {
                    connection.ask("/q/health/live");
                    connection.ask("/q/health/ready");
                }
                slowestHealthNanos.accumulateAndGet((System.nanoTime() - began) / 2, Math::max);
                Thread.sleep(100);
            }
        }

        void say(double seconds) {
            Throughput.say(
                    "  %,.0f answers/s, %d not 200; slowest health %d ms",
                    answers.get() / seconds, refusals.get(), slowestHealthNanos.get() / 1_000_000);
        }

        @Override
        public void close() {
            over.set(true);
            for (Thread thread : threads) {
                thread.interrupt();
                join(thread);
            }
            idle.forEach(Connection::close);
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class Connection implements AutoCloseable {

        private final Socket socket;
        private final InputStream in;

        Connection(int port) {
            try {
                socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(20_000);
                in = new BufferedInputStream(socket.getInputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Asks and reads the whole answer. Returns its status. */
        int ask(String path) {
            try {
                String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                int status = Integer.parseInt(line().split(" ", 3)[1]);
                int length = 0;
                boolean chunked = false;
                for (String header = line(); !header.isEmpty(); header = line()) {
                    String lower = header.toLowerCase(Locale.ROOT);
                    if (lower.startsWith("content-length:")) {
                        length = Integer.parseInt(header.substring(15).trim());
                    }
                    chunked |= lower.startsWith("transfer-encoding: chunked");
                }
                if (chunked) {
                    readChunks();
                } else {
                    in.readNBytes(length);
                }
                return status;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void readChunks() throws IOException {
            int length;
            do {
                length = Integer.parseInt(line().trim(), 16);
                in.readNBytes(length);
                line();
            } while (length > 0);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            int next;
            while ((next = in.read()) != '\n') {
                if (next < 0) {
                    throw new IOException("the connection was closed");
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            return line.toString();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
