package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.verify.Feed;
import dev.cairn.testkit.worker.WorkerProcess;

/** That the memory of a worker under steady load does not grow once its caches are full. */
@Tag("chaos")
class MemorySoakIT {

    /** Of the soak in all; the first third fills caches and pools. */
    private static final Duration SOAK = Duration.ofSeconds(Long.getLong("cairn.soak.seconds", 300));

    private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int KEYS = 20_000;
    private static final int LINES_PER_SECOND = 1_000;
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

    /** What an allocator's fragments and the JVM's own tables may add; a leak adds more in a few minutes. */
    private static final long NOISE_MIB = 24;

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldNotGrowOnceCachesAreFull() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "memory-soak");
        WorkerProcess.Builder workers = job.worker()
                .jvm("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch")
                .set("state.backend.rocksdb.memory.fixed-per-tm", "16mb");
        try (Feed feed = Feed.start(broker, job.input(), lines(), "/key", "/delay", LINES_PER_SECOND);
                WorkerProcess worker = workers.start()) {
            worker.awaitOutput("[1-9][\\d,]* records/s, .*last checkpoint chk-\\d+.*", LIMIT);
            List<Long> samples = new ArrayList<>();

            // When
            long began = System.nanoTime();
            await("the soak has lasted long enough")
                    .pollInterval(BETWEEN_SAMPLES)
                    .atMost(SOAK.multipliedBy(2))
                    .until(() -> {
                        samples.add(residentMib(worker));
                        return System.nanoTime() - began > SOAK.toNanos();
                    });

            // Then
            int third = samples.size() / 3;
            double after = mean(samples.subList(third, 2 * third));
            double end = mean(samples.subList(2 * third, samples.size()));
            assertThat(end - after)
                    .as("growth in MiB between the second and the last third of %s", samples)
                    .isLessThan(NOISE_MIB);
            assertThat(feed.finish().inputs()).isPositive();
            worker.terminate(LIMIT);
            Errors.none(worker);
        }
    }

    private static double mean(List<Long> samples) {
        return samples.stream().mapToLong(Long::longValue).average().orElseThrow();
    }

    private static long residentMib(WorkerProcess worker) throws IOException {
        Matcher resident = RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(worker.pid()), "status")));
        assertThat(resident.find()).as("the worker runs").isTrue();
        return Long.parseLong(resident.group(1)) / 1024;
    }

    private Path lines() throws IOException {
        return Files.writeString(
                directory.resolve("lines.ndjson"),
                IntStream.range(0, KEYS)
                        .mapToObj(i -> "{\"key\":\"key-" + i + "\",\"delay\":" + i % 97 + "}\n")
                        .collect(Collectors.joining()));
    }
}
