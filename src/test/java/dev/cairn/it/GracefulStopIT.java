package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.verify.Feed;
import dev.cairn.testkit.worker.WorkerProcess;

/** What Kubernetes does to a pod: SIGTERM in the middle of load, and SIGKILL if it has not ended in the grace period. */
class GracefulStopIT {

    private static final Path STATEFUL_SET = Path.of("k8s/base/stateful-set.yaml");
    private static final Pattern GRACE_PERIOD = Pattern.compile("(?m)^\\s*terminationGracePeriodSeconds: (\\d+)");
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int KEYS = 5_000;
    private static final int LINES_PER_SECOND = 3_000;

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    /** Under at least once every record that is processed again has a second result that everyone sees. */
    @Test
    void shouldEndWithinTheGracePeriodAndReplayNothing() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "graceful-stop");
        WorkerProcess.Builder workers =
                job.worker().set("cairn.threads", "2").set("execution.checkpointing.mode", "AT_LEAST_ONCE");
        try (Feed feed = Feed.start(broker, job.input(), lines(), "/key", "/delay", LINES_PER_SECOND)) {
            for (int i = 0; i < 3; i++) {
                try (WorkerProcess worker = workers.start()) {
                    worker.awaitOutput("[1-9][\\d,]* records/s, .*last checkpoint chk-\\d+.*", LIMIT);

                    // When
                    int code = worker.terminate(gracePeriod());

                    // Then
                    assertThat(code).isEqualTo(128 + 15);
                    Errors.none(worker);
                }
            }
            var expected = feed.finish();
            try (WorkerProcess worker = workers.start()) {
                job.awaitCaughtUp();
                worker.terminate(LIMIT);
            }
            var output = Readers.readCommitted(broker, job.output());
            assertThat((long) output.size()).as("results of records").isEqualTo(expected.inputs());
            expected.verifyExactlyOnce(output);
        }
    }

    private Path lines() throws IOException {
        return Files.writeString(
                directory.resolve("lines.ndjson"),
                IntStream.range(0, KEYS)
                        .mapToObj(i -> "{\"key\":\"key-" + i + "\",\"delay\":" + i % 97 + "}\n")
                        .collect(Collectors.joining()));
    }

    private static Duration gracePeriod() throws IOException {
        Matcher seconds = GRACE_PERIOD.matcher(Files.readString(STATEFUL_SET));
        assertThat(seconds.find()).as("%s has a grace period", STATEFUL_SET).isTrue();
        return Duration.ofSeconds(Long.parseLong(seconds.group(1)));
    }
}
