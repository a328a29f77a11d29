package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.metrics.Promtool;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.Scrape;
import dev.cairn.testkit.worker.WorkerProcess;

/** What a scrape of a worker says after a checkpoint, a restore and some faults. */
class MetricsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern IN_PAGE = Pattern.compile("(?m)^\\| `(cairn_\\w+)` \\|");
    private static final Set<String> OF_TIMERS =
            Set.of("cairn_watermark_seconds", "cairn_watermark_lag_seconds", "cairn_timers");

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldShowEveryMetricOfThePageAfterACheckpointARestoreAndFaults() throws IOException {
        // Given: a job with state in the store only
        SmallJob job = SmallJob.create(broker, directory, "metrics").send(200);
        broker.createTopic("metrics-dead", 1);
        try (WorkerProcess worker = worker(job).start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        delete(job.local());

        // When: a restore, a record that cannot be processed, and a store that is away for a while
        try (WorkerProcess worker = worker(job).start()) {
            job.sendPoison(0, "k1", "no json");
            job.send(100).awaitCaughtUp();
            Path checkpoints = directory.resolve("checkpoints");
            Path aside = Files.move(checkpoints, directory.resolve("aside"));
            job.send(100);
            await("it goes back").atMost(LIMIT).until(() -> Scrape.of(worker).sum("cairn_rollbacks_total") > 0);
            Files.move(aside, checkpoints);
            job.awaitCaughtUp();
            await("what it says is up to date")
                    .atMost(LIMIT)
                    .until(() -> Scrape.of(worker).sum("cairn_lag_records") == 0
                            // It may have been drawn up in the middle of the roll back.
                            && Scrape.of(worker).sum("cairn_transactions_total", "outcome=\"aborted\"") > 0
                            // Until it reads again after going back, it does not know how far it is behind.
                            && Scrape.of(worker).sum("cairn_state_heap_entries") > 0
                            && Scrape.of(worker).sum("cairn_partitions", "state=\"running\"") == SmallJob.PARTITIONS);

            // Then
            Scrape scrape = Scrape.of(worker);
            List<String> named = IN_PAGE.matcher(Files.readString(Path.of("docs", "reference", "metrics.md")))
                    .results()
                    .map(MatchResult::group)
                    .map(row -> row.substring(3, row.length() - 3))
                    .toList();
            assertThat(named).hasSizeGreaterThan(30);
            SoftAssertions all = new SoftAssertions();
            // This job's processor has no timers.
            OF_TIMERS.forEach(name -> all.assertThat(scrape.of(name)).as(name).isEmpty());
            named.stream().filter(name -> !OF_TIMERS.contains(name)).forEach(name -> all.assertThat(scrape.of(name))
                    .as(name)
                    .isNotEmpty()
                    .allSatisfy(sample -> assertThat(sample.labels())
                            .contains("cairn_job=\"metrics\"", "cairn_instance=\"worker-1\""))
                    .allSatisfy(sample -> assertThat(sample.value()).isNotNegative()));
            check(all, scrape);
            all.assertAll();
            assertThat(worker.output())
                    .noneMatch(line -> line.contains("metrics are not up to date") || line.contains("io.micrometer"));
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldNameMetricsAsPrometheusWantsThem() throws Exception {
        // Given
        Promtool.require();
        SmallJob job = SmallJob.create(broker, directory, "metrics-named").send(200);
        try (WorkerProcess worker = job.worker().start()) {
            job.awaitCaughtUp();
            Path scraped = directory.resolve("scraped");
            Files.writeString(scraped, Scrape.text(worker));

            // When
            Promtool.Verdict verdict = Promtool.check(scraped, "metrics");

            // Then: it reads all of them, and has nothing to say of those that are Cairn's own
            assertThat(verdict.output()).doesNotContain("error while linting");
            assertThat(verdict.output().lines().filter(line -> line.startsWith("cairn_")))
                    .isEmpty();
        }
    }

    private static void check(SoftAssertions all, Scrape scrape) {
        all.assertThat(scrape.sum("cairn_records_total")).isGreaterThanOrEqualTo(201);
        all.assertThat(scrape.sum("cairn_loop_poll_seconds_total")).isPositive();
        all.assertThat(scrape.sum("cairn_loop_process_seconds_total")).isPositive();
        all.assertThat(scrape.sum("cairn_epochs_total")).isGreaterThanOrEqualTo(2);
        all.assertThat(scrape.sum("cairn_dead_letters_total")).isGreaterThanOrEqualTo(1);
        all.assertThat(scrape.sum("cairn_transactions_total", "outcome=\"committed\""))
                .isPositive();
        all.assertThat(scrape.sum("cairn_transactions_total", "outcome=\"aborted\""))
                .isPositive();
        all.assertThat(scrape.sum("cairn_checkpoints_total", "outcome=\"completed\""))
                .isPositive();
        all.assertThat(scrape.sum("cairn_checkpoints_total", "outcome=\"failed\""))
                .isPositive();
        all.assertThat(scrape.sum("cairn_checkpoint_duration_seconds_count", "outcome=\"completed\""))
                .isPositive();
        for (String phase : List.of("freeze", "sort", "write", "upload", "commit", "ingest")) {
            all.assertThat(scrape.sum("cairn_checkpoint_phase_duration_seconds_count", "phase=\"" + phase + "\""))
                    .as(phase)
                    .isPositive();
            all.assertThat(scrape.sum("cairn_checkpoint_phase_duration_seconds_sum", "phase=\"" + phase + "\""))
                    .as(phase)
                    .isPositive();
        }
        all.assertThat(scrape.sum("cairn_checkpoint_size_bytes_sum", "kind=\"delta\""))
                .isPositive();
        all.assertThat(scrape.sum("cairn_checkpoint_last_size_bytes", "kind=\"full\""))
                .isPositive();
        all.assertThat(scrape.sum("cairn_checkpoint_last_duration_seconds")).isPositive();
        all.assertThat(scrape.of("cairn_checkpoint_last_number"))
                .hasSize(SmallJob.PARTITIONS)
                .allSatisfy(sample -> assertThat(sample.labels())
                        .contains("/metrics/partition-")
                        .contains("chk-" + (long) sample.value()));
        all.assertThat(scrape.sum("cairn_restore_duration_seconds_count", "source=\"store\""))
                .isEqualTo(SmallJob.PARTITIONS);
        all.assertThat(scrape.sum("cairn_restore_fetched_bytes_total", "source=\"store\""))
                .isPositive();
        all.assertThat(scrape.sum("cairn_restore_last_timestamp_seconds")).isGreaterThan(1.7e9);
        all.assertThat(scrape.sum("cairn_state_heap_entries")).isPositive();
        all.assertThat(scrape.sum("cairn_state_reads_total", "result=\"hit\"")).isPositive();
        all.assertThat(scrape.sum("cairn_state_reads_total", "result=\"miss\"")).isPositive();
        all.assertThat(scrape.sum("cairn_state_cache_hit_ratio")).isBetween(0.1, 1.0);
        all.assertThat(scrape.sum("cairn_rocksdb_live_bytes")).isPositive();
        all.assertThat(scrape.sum("cairn_rocksdb_files")).isGreaterThanOrEqualTo(SmallJob.PARTITIONS);
        all.assertThat(scrape.sum("cairn_rocksdb_estimated_keys")).isPositive();
        all.assertThat(scrape.sum("cairn_rocksdb_block_cache_capacity_bytes")).isPositive();
        all.assertThat(scrape.sum("cairn_store_requests_seconds_count", "request=\"create\"", "result=\"ok\""))
                .isPositive();
        all.assertThat(scrape.sum("cairn_store_requests_seconds_count", "result=\"failed\""))
                .isPositive();
        all.assertThat(scrape.sum("cairn_store_transferred_bytes_total")).isPositive();
        all.assertThat(scrape.sum("kafka_consumer_fetch_manager_records_consumed_total"))
                .as("Kafka's own")
                .isPositive();
        all.assertThat(scrape.of("kafka_producer_record_send_total"))
                .as("Kafka's own")
                .isNotEmpty();
    }

    private static WorkerProcess.Builder worker(SmallJob job) {
        return job.worker()
                .set("cairn.errors", "dead-letter")
                .set("cairn.dead-letter.topic", "metrics-dead")
                .set("execution.checkpointing.timeout", "3s")
                .set("execution.checkpointing.tolerable-failed-checkpoints", "1000");
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
