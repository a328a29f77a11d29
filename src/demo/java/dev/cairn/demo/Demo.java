package dev.cairn.demo;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.AppInfoParser;

import dev.cairn.testkit.JsonLines;
import dev.cairn.testkit.Logs;
import dev.cairn.testkit.broker.InProcessBroker;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;
import dev.cairn.testkit.worker.WorkerSettings;

/**
 * Runs the packaged worker on Kafka's own broker with traffic, until Ctrl-C; started again, it continues where it was.
 *
 * <p>What is started last is stopped first: traffic, then the worker, which takes its last checkpoint, then the broker.
 * Ctrl-C reaches the worker as well as this process, which ends only when all of that is done.
 */
public final class Demo {

    private static final int FAILED = 1;
    private static final int ASKED_FOR_NONSENSE = 2;
    private static final int PARTITIONS = 4;
    // How a process ends that was asked to, by SIGINT and SIGTERM.
    private static final List<Integer> ENDED_AS_ASKED = List.of(0, 130, 143);
    // Traffic without end would fill the disk; by size, because time also passes while the demo is not running.
    private static final Map<String, String> BOUNDED =
            Map.of("retention.bytes", "536870912", "segment.bytes", "67108864");
    private static final Map<String, String> BROKER_SETTINGS =
            Map.of("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE));

    private final DemoSettings settings;
    private final DemoJob job;
    private final Console console;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private boolean stopped;

    private Demo(DemoSettings settings, Console console) {
        this.settings = settings;
        this.job = DemoJob.of(settings);
        this.console = console;
    }

    /** Runs the demo in the foreground; the exit code is 1 when something failed, and 2 when it was asked for nonsense. */
    public static void main(String[] args) {
        Logs.toConsole();
        Logs.quiet();
        System.exit(run(new Console(System.out)));
    }

    private static int run(Console console) {
        Demo demo;
        try {
            demo = new Demo(DemoSettings.read(properties(), System.getenv()), console);
        } catch (DemoException e) {
            console.demo(e.getMessage());
            return ASKED_FOR_NONSENSE;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "stop-demo"));
        return demo.run();
    }

    private static Map<String, String> properties() {
        return System.getProperties().stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, System::getProperty));
    }

    private int run() {
        try {
            int exitCode = start().join();
            if (isStopped() || ENDED_AS_ASKED.contains(exitCode)) {
                return 0;
            }
            console.demo("the worker has ended by itself, exit code %s; all it said is in %s"
                    .formatted(exitCode, workerLog()));
            return FAILED;
        } catch (Interrupted e) {
            return 0;
        } catch (DemoException | JsonLines.BadInputException e) {
            console.demo(e.getMessage());
            return ASKED_FOR_NONSENSE;
        } catch (CompletionException e) {
            console.demo("traffic cannot continue: " + reason(e.getCause()));
            return FAILED;
        } catch (RuntimeException e) {
            if (!isStopped()) {
                console.demo("cannot start: " + reason(e));
            }
            return FAILED;
        } finally {
            stop();
        }
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** Starts everything. @return completes when the worker ends, exceptionally when traffic fails */
    private CompletableFuture<Integer> start() {
        open(() -> DirectoryLock.take(settings.directory()));
        console.demo("starting; data in %s, remove it to start afresh".formatted(settings.directory()));
        TestBroker broker =
                open(() -> InProcessBroker.start(settings.directory().resolve("broker"), BROKER_SETTINGS));
        createTopics(broker);
        List<Optional<ConsumerRecord<String, String>>> last =
                LastRecords.of(broker.bootstrapServers(), job.inputTopic());
        Traffic traffic = settings.file()
                .<Traffic>map(file -> FileTraffic.check(file, job.inputTopic(), last))
                .orElseGet(() -> new SyntheticTraffic(job.inputTopic()));
        console.demo(String.format(
                Locale.ROOT,
                "broker %s, Kafka %s; input topic %s has %,d records, results go to %s",
                broker.bootstrapServers(),
                AppInfoParser.getVersion(),
                job.inputTopic(),
                last.stream()
                        .flatMap(Optional::stream)
                        .mapToLong(found -> found.offset() + 1)
                        .sum(),
                job.outputTopic()));
        console.demo("traffic: %s, %s".formatted(traffic.description(), settings.rateDescription()));

        WorkerProcess worker = startWorker(broker);
        TrafficSource source = open(() ->
                TrafficSource.start(broker.bootstrapServers(), traffic, new Pacer(settings.ratePerSecond()), console));
        CompletableFuture<Integer> end = worker.onExit();
        return CompletableFuture.anyOf(end, source.failure()).thenCompose(any -> end);
    }

    private void createTopics(TestBroker broker) {
        Map<String, String> limits = settings.file().isPresent() ? Map.of() : BOUNDED;
        for (String topic : List.of(job.inputTopic(), job.outputTopic(), job.deadLetterTopic())) {
            if (!broker.hasTopic(topic)) {
                broker.createTopic(topic, PARTITIONS, limits);
            }
        }
    }

    private WorkerProcess startWorker(TestBroker broker) {
        WorkerProcess.Builder packaged = packagedWorker()
                .set(preset())
                .set(settings.worker())
                .set(jobSettings(broker))
                .outputFile(workerLog())
                .onOutput(console::worker);
        WorkerProcess worker =
                open(() -> new RunningWorker(packaged.start(), console)).process();
        console.demo(
                "worker: job %s, process %s, http://localhost:%s/q/health; Ctrl-C ends the demo, the same command resumes"
                        .formatted(job.name(), worker.pid(), worker.httpPort()));
        return worker;
    }

    private static WorkerProcess.Builder packagedWorker() {
        try {
            return WorkerProcess.asDeployed();
        } catch (IllegalStateException e) {
            throw new DemoException(e.getMessage(), e);
        }
    }

    /** What users may set otherwise. */
    private Map<String, String> preset() {
        return new WorkerSettings()
                .set("cairn.processor", "aggregate")
                .threads(2)
                .statusEvery("3s")
                .below(settings.directory())
                .set("quarkus.log.console.format", "%d{HH:mm:ss} %-5p %s%e%n")
                .asMap();
    }

    private Map<String, String> jobSettings(TestBroker broker) {
        WorkerSettings worker = new WorkerSettings()
                .job(broker.bootstrapServers(), job.name())
                .reads(job.inputTopic())
                .writes(job.outputTopic())
                .set("cairn.aggregate.value", job.valuePointer());
        if ("dead-letter".equals(settings.worker().get("CAIRN_ERRORS"))) {
            worker.set("cairn.dead-letter.topic", job.deadLetterTopic());
        }
        return worker.asMap();
    }

    private Path workerLog() {
        return settings.directory().resolve("worker.log");
    }

    private synchronized <T extends AutoCloseable> T open(Supplier<T> supplier) {
        if (stopped) {
            throw new Interrupted();
        }
        T opened = supplier.get();
        running.push(opened);
        return opened;
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /** Ends what runs, the last first, once; returns when all is done. */
    private synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        boolean ran = !running.isEmpty();
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                console.demo("while stopping: %s".formatted(e));
            }
        }
        if (ran) {
            console.demo("stopped");
        }
    }

    /** Ctrl-C came before everything was started. */
    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
