package dev.cairn.bench;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.cairn.testkit.broker.InProcessBroker;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;
import dev.cairn.testkit.worker.WorkerSettings;

/**
 * How long after the start of its process a worker without state answers by HTTP and is ready, and what it has taken of CPU and memory until
 * then: whatever was packaged last. Linux.
 *
 * <p>Arguments: starts (5), then JVM flags of the worker.
 */
public final class Start {

    private static final int PARTITIONS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(20);

    private Start() {}

    public static void main(String[] arguments) throws Exception {
        int starts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        List<String> flags = List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
        Path directory = Files.createTempDirectory(Path.of("target"), "start").toAbsolutePath();
        try (TestBroker broker = InProcessBroker.start(directory.resolve("broker"), Map.of())) {
            broker.createTopic("start-in", PARTITIONS);
            WorkerProcess.Builder worker = WorkerProcess.asDeployed()
                    .jvm(flags.toArray(String[]::new))
                    .set(new WorkerSettings()
                            .job(broker.bootstrapServers(), "start")
                            .reads("start-in")
                            .aggregates("/value")
                            .instance("bench")
                            .threads(2)
                            .below(directory)
                            .asMap());
            for (int i = 0; i < starts; i++) {
                long started = System.nanoTime();
                try (WorkerProcess process = worker.start()) {
                    await().atMost(LIMIT).pollInterval(POLL).until(() -> process.health("live")
                            .isUp());
                    long answered = (System.nanoTime() - started) / 1_000_000;
                    await().atMost(LIMIT).pollInterval(POLL).until(() -> process.health("ready")
                            .isUp());
                    long millis = (System.nanoTime() - started) / 1_000_000;
                    System.out.println(String.format(
                            Locale.ROOT,
                            "HTTP answers after %,d ms; ready after %,d ms and %,d ms of CPU, with %d MB resident",
                            answered,
                            millis,
                            cpuMillis(process),
                            residentMegabytes(process)));
                    process.terminate(LIMIT);
                }
            }
        }
    }

    private static long cpuMillis(WorkerProcess process) {
        return ProcessHandle.of(process.pid())
                .flatMap(handle -> handle.info().totalCpuDuration())
                .map(Duration::toMillis)
                .orElse(0L);
    }

    private static long residentMegabytes(WorkerProcess process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / 1000;
    }
}
