package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.LogLine;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.WorkerProcess;

/** What a worker's log is for those who read it, and for programs that collect it. */
class LogsIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Duration A_WHILE = Duration.ofSeconds(2);
    private static final Duration HUNDRED_INTERVALS = Duration.ofSeconds(20);
    private static final int PARTITIONS = 8;

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldSayInEachLineWhenWithTheZoneWhoAndOnWhichThread() {
        // Given
        Instant before = Instant.now();
        SmallJob job = SmallJob.create(broker, directory, "logs-plain").send(20);

        // When
        List<String> lines = linesOf(job.worker().jvm("-Duser.timezone=Asia/Kolkata"), job);

        // Then
        List<LogLine> parsed = lines.stream()
                .map(line -> LogLine.parse(line).orElseThrow(() -> new AssertionError("no line of a log: " + line)))
                .toList();
        assertThat(parsed).hasSizeGreaterThan(3).allSatisfy(line -> {
            assertThat(line.at().getOffset().toString()).isEqualTo("+05:30");
            assertThat(line.at().toInstant()).isBetween(before.minusMillis(1), Instant.now());
        });
        assertThat(parsed).anySatisfy(line -> {
            assertThat(line.logger()).isEqualTo("dev.cairn.worker.loop.LoopPartitions");
            assertThat(line.thread()).isEqualTo("cairn-loop-0");
            assertThat(line.message()).contains("partition 0 ");
        });
    }

    @Test
    void shouldPrintResultsOfCommandsWithoutAnyOfIt() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "logs-commands").send(20);
        linesOf(job.worker(), job);

        // When
        Cairn.Result list = Cairn.in(
                directory,
                Map.of("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true"),
                "checkpoints",
                "list",
                "--dir",
                directory.resolve("checkpoints").toString(),
                "--job",
                job.name());

        // Then
        assertThat(list.exitCode()).as(list.err()).isZero();
        assertThat(list.out()).contains("chk-");
        assertThat((list.out() + list.err()).lines())
                .allMatch(line -> LogLine.parse(line).isEmpty() && !line.startsWith("{"));
    }

    @Test
    void shouldWriteEachLineAsJsonForThoseWhoTurnItOn() throws IOException {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "logs-json").send(20);

        // When
        List<String> lines = linesOf(job.worker().set("quarkus.log.console.json.enabled", "true"), job);

        // Then
        List<JsonNode> parsed = new ArrayList<>();
        for (String line : lines) {
            parsed.add(new ObjectMapper().readTree(line));
        }
        assertThat(parsed).hasSizeGreaterThan(3).allSatisfy(line -> {
            assertThat(OffsetDateTime.parse(line.path("timestamp").asText())).isNotNull();
            assertThat(line.path("level").asText()).isNotEmpty();
            assertThat(line.path("loggerName").asText()).isNotEmpty();
            assertThat(line.path("threadName").asText()).isNotEmpty();
        });
        assertThat(parsed).anySatisfy(line -> {
            assertThat(line.path("threadName").asText()).isEqualTo("cairn-loop-0");
            assertThat(line.path("message").asText()).contains("partition 0 ");
        });
    }

    @Test
    void shouldSayInOneLineWhichPartitionsCameAndWent() {
        // Given
        String job = "logs-rebalance";
        broker.createTopic(job, PARTITIONS);
        broker.createTopic(job + "-out", PARTITIONS);
        try (WorkerProcess one = member(job, "one").start()) {
            one.awaitOutput("assigned partitions 0-7,", LIMIT);
            one.awaitOutput("8 of 8 partitions run", LIMIT);
            one.awaitOutput("with empty state", LIMIT);
            // Several where the machine takes some seconds for all.
            assertThat(one.output().stream().filter(line -> line.contains("with empty state")))
                    .as("lines of the restored")
                    .hasSizeBetween(1, PARTITIONS / 2);

            // When: another one takes half of them
            try (WorkerProcess two = member(job, "two").start()) {
                two.awaitOutput("assigned partitions ", LIMIT);

                // Then
                one.awaitOutput(
                        "gave up partitions [\\d, -]+ to other members of the group after a last checkpoint", LIMIT);
                assertThat(one.output().stream().filter(line -> line.contains("gave up")))
                        .hasSize(1);

                // When: one is away for longer than the group waits
                one.suspend();
                two.awaitOutput("assigned partitions .*", two.mark(), LIMIT);
                long mark = one.mark();
                one.resume();

                // Then
                String lost = one.awaitOutput("taken partitions", mark, LIMIT);
                assertThat(lost).matches(".*the group has taken partitions [\\d, -]+ away.*");

                // When
                two.terminate(LIMIT);

                // Then
                assertThat(two.output().stream().filter(line -> line.contains("closed partitions ")))
                        .hasSize(1);
            }
        }
    }

    @Test
    void shouldRepeatNothingWhileThereIsNothingToDo() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "logs-idle").send(200);
        try (WorkerProcess worker =
                job.worker().set("cairn.status.interval", "200ms").start()) {
            job.awaitCaughtUp();
            await("it is quiet").during(A_WHILE).atMost(LIMIT).until(quiet(worker));

            // Then: for a hundred intervals of checkpoints and status lines; a busy machine may have something to say
            long mark = worker.mark();
            await("nothing is repeated").during(HUNDRED_INTERVALS).atMost(LIMIT).until(() -> worker.mark() <= mark + 2);
        }
    }

    @Test
    void shouldShowNothingRawOfWhatOthersWrote() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "logs-hostile").send(20);
        try (WorkerProcess worker =
                job.worker().set("cairn.security.peer-secret", "").start()) {
            job.awaitCaughtUp();

            // When: one that was there before the worker looked is not followed, and not logged
            AtomicInteger number = new AtomicInteger();
            await("a command is logged")
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        Topics.send(
                                broker,
                                List.of(Topics.record(
                                        job.name() + "-cairn-commands",
                                        "checkpoint",
                                        String.format(
                                                Locale.ROOT,
                                                "{\"kind\":\"checkpoint\",\"id\":\"c-%d\\u001b[2J\\u009b\\nall is well\\u202e\",\"by\":\"me\"}",
                                                number.incrementAndGet()))));
                        return worker.output().stream().anyMatch(line -> line.contains("all is well"));
                    });

            // Then
            assertThat(worker.output())
                    .filteredOn(line -> line.contains("all is well"))
                    .allSatisfy(line -> assertThat(line).contains("\\u001b[2J\\u009b\\u000aall is well\\u202e"));
        }
    }

    /** Whether nothing was said since it was last asked. */
    private static Callable<Boolean> quiet(WorkerProcess worker) {
        AtomicLong last = new AtomicLong();
        return () -> last.getAndSet(worker.mark()) == worker.mark();
    }

    private WorkerProcess.Builder member(String job, String instance) {
        return Workers.aggregate(broker, directory, job, job, job + "-out")
                .name(job + "-" + instance)
                .set("cairn.instance", instance)
                .set("cairn.threads", "1")
                .set("kafka.session.timeout.ms", "6000")
                .set(
                        "taskmanager.state.local.root-dirs",
                        directory.resolve("local-" + instance).toString());
    }

    private static List<String> linesOf(WorkerProcess.Builder builder, SmallJob job) {
        try (WorkerProcess worker = builder.start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
            return worker.output();
        }
    }
}
