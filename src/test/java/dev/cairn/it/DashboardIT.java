package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Browser;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.StoppableBroker;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.fault.SlowS3;
import dev.cairn.testkit.store.S3Server;
import dev.cairn.testkit.worker.WorkerProcess;

/** The dashboard in a real browser, of the packaged worker on a real broker. */
class DashboardIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int DESKTOP = 1280;
    private static final int PHONE = 390;
    private static final int PARTITIONS = 4;
    private static final String OPERATOR = "the-token-of-an-operator";
    private static final String NEWEST_ID = "#history tbody tr:first-child th";
    private static final Pattern PROGRESS =
            Pattern.compile("[\\d.]+ ([KM]i)?B of [\\d.]+ [KM]iB, [\\d.]+ ([KM]i)?B/s, .* left");
    private static final String BUCKET = "checkpoints";
    private static final long SLOW_BYTES_PER_SECOND = 100_000;
    private static final int LARGE_KEYS = 3_000;

    @TempDir
    static Path profile;

    private static Browser browser;

    @TempDir
    private Path directory;

    private final TestBroker broker = Brokers.shared();

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start(profile);
    }

    @BeforeEach
    void forgetThePageBefore() {
        browser.open("about:blank", DESKTOP, "light");
        browser.errors();
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void shouldShowAndControlARunningJob() {
        // Given: a worker that wants a token
        String job = job("dashboard");
        try (WorkerProcess worker = worker(job)
                        .set("cairn.security.viewer-token", "the-token-of-a-viewer")
                        .set("cairn.security.operator-token", OPERATOR)
                        .set(
                                "state.savepoints.dir",
                                directory.resolve("savepoints").toString())
                        .start();
                Traffic traffic = new Traffic(broker, job + "-in")) {
            traffic.start();
            awaitReady(worker);
            browser.open(address(worker), DESKTOP, "light");
            giveToken(OPERATOR);

            // Then: it shows the job, and checkpoints as they come, without being loaded again
            browser.awaitText("#job-state", "running", LIMIT);
            browser.script("window.sameAsBefore = true");
            int first = Integer.parseInt(browser.awaitText(NEWEST_ID, "\\d+", LIMIT));
            await("newer checkpoints are shown")
                    .atMost(LIMIT)
                    .until(() -> Integer.parseInt(browser.text(NEWEST_ID)) > first + 2);
            assertThat(browser.script("return window.sameAsBefore")).isEqualTo(true);
            assertThat(browser.text("#job-name")).isEqualTo(job);
            browser.awaitText("#workers tbody tr", "worker-1.*running.*", LIMIT);
            browser.awaitText("#partitions tbody", "(.*running){" + PARTITIONS + "}.*", LIMIT);
            browser.awaitText("#hottest tbody", ".*hot-key.*", LIMIT);
            shouldShowPlacesAndAges();
            shouldShowTheStateOfTheApi();

            takeSavepoint();
            pauseAndResume();
            shouldLookWellEverywhere();
            assertThat(browser.errors()).isEmpty();

            cancel(worker);
        }
    }

    @Test
    void shouldFollowARestore() throws Exception {
        // Given: a job whose checkpoints are behind a slow line
        String job = job("restored");
        Path buckets = Files.createDirectories(directory.resolve("buckets"));
        Files.createDirectories(buckets.resolve(BUCKET));
        try (S3Server s3 = S3Server.start(buckets, objects -> new SlowS3(objects, SLOW_BYTES_PER_SECOND))) {
            WorkerProcess.Builder workers =
                    worker(job).set(s3.settings()).set("state.checkpoints.dir", "s3://" + BUCKET + "/");
            try (WorkerProcess worker = workers.start()) {
                sendLargeKeys(job + "-in");
                Workers.awaitCaughtUp(broker, job, job + "-in");
                worker.terminate(LIMIT);
            }

            // When: it comes back with another disk
            try (WorkerProcess worker = workers.set(
                            "taskmanager.state.local.root-dirs",
                            directory.resolve("another-disk").toString())
                    .start()) {
                awaitStarted(worker);
                browser.open(address(worker), DESKTOP, "dark");

                // Then
                String restores = "#attention li:not([data-level=good]) p";
                Set<String> steps = new TreeSet<>();
                await("a restore advances").atMost(LIMIT).until(() -> {
                    steps.add(browser.text(restores));
                    return steps.stream().filter(PROGRESS.asMatchPredicate()).count() > 2;
                });
                browser.screenshot("restore-dark", false);
                browser.awaitText("#attention li", "All is well.*", LIMIT);
                browser.awaitText("#job-state", "running", LIMIT);
                browser.awaitText("#partition-0 [data-label=Checkpoint]", "restored #[1-9]\\d*", LIMIT);
                assertThat(browser.errors()).isEmpty();
            }
        }
    }

    @Test
    void shouldSayThatAWorkerIsGone() {
        // Given: two workers with a partition each
        SmallJob job = SmallJob.create(
                        broker, directory, "gone-" + ProcessHandle.current().pid())
                .send(200);
        WorkerProcess.Builder workers = job.worker().set("kafka.session.timeout.ms", "12000");
        try (WorkerProcess one = workers.start()) {
            awaitReady(one);
            try (WorkerProcess two = job.worker()
                    .set("kafka.session.timeout.ms", "12000")
                    .set("cairn.instance", "worker-2")
                    .start()) {
                browser.open(address(one), DESKTOP, "light");
                browser.awaitText("#workers tbody tr:nth-child(2)", "worker-2running.*[01]", LIMIT);
                String chip = "#workers tbody tr:nth-child(2) .chip";
                String row = "#partition-" + browser.text(chip);
                browser.awaitText(row, ".*worker-2.*", LIMIT);
                String checkpoint = browser.awaitText(row + " [data-label=Checkpoint]", "restored #\\d+", LIMIT);

                // When
                two.kill9();

                // Then: the group still counts on it
                browser.awaitText("#job-state", "degraded", LIMIT);
                browser.awaitText("#workers tbody tr:nth-child(1)", "worker-2no answer.*[01]", LIMIT);
                browser.awaitText("#attention", "Worker away.*worker-2 does not answer.*", LIMIT);
                browser.awaitText(row + ".old [data-label=State]", "no answer", LIMIT);
                assertThat(browser.text(row + " [data-label=Lag]")).isEqualTo("unknown");
                assertThat(browser.text(row + " [data-label=Checkpoint]"))
                        .as("what was known last")
                        .isEqualTo(checkpoint);
                browser.awaitText("#partitions-age", "Last known values of 1 partition, from \\d+s ago", LIMIT);
                shouldShowTheStateOfTheApi();
                shouldLookRight("gone");

                // Then: the group has noticed
                browser.awaitText("#workers-left", ".*: worker-2, last seen \\d+s ago", LIMIT);
                browser.awaitText("#job-state", "running", LIMIT);
                browser.awaitText("#workers .chips", "0-1", LIMIT);
                assertThat(browser.errors()).isEmpty();
            }
        }
    }

    @Test
    void shouldNotSayThatAllIsWellWhileItIsNot() throws Exception {
        try (StoppableBroker own = Brokers.own(directory.resolve("broker"))) {
            // Given: a job with a checkpoint that is gone
            SmallJob job = SmallJob.create(own, directory, "troubled").send(200);
            try (WorkerProcess worker = job.worker().start()) {
                job.awaitCaughtUp();
                worker.terminate(LIMIT);
            }
            Path metadata = SmallJob.files(job.checkpoints(1), "_metadata").get(0);
            Path aside = Files.move(metadata, directory.resolve("aside"));
            try (WorkerProcess worker = job.worker().start()) {
                awaitStarted(worker);
                browser.open(address(worker), DESKTOP, "light");

                // Then
                browser.awaitText("#job-state", "degraded", LIMIT);
                browser.awaitText(
                        "#attention li[data-level=warn]", "Partition parked.*_metadata does not exist.*", LIMIT);
                browser.awaitText("#figure-lag", "unknown", LIMIT);
                browser.awaitText("#figure-lag-more", "known of 1 of 2 partitions", LIMIT);
                shouldLookRight("parked");

                // When
                Files.move(aside, metadata);

                // Then
                browser.awaitText("#attention li", "All is well.*", LIMIT);
                browser.awaitText("#job-state", "running", LIMIT);
                browser.awaitText("#figure-lag", "0", LIMIT);

                // When
                own.kill();

                // Then
                browser.awaitText("#job-state", "unreachable", LIMIT);
                browser.awaitText(
                        "#attention li[data-level=bad]", "Broker unreachable.*Kafka has not answered for.*", LIMIT);
                browser.awaitText("#figure-lag", "unknown", LIMIT);
                browser.awaitText("#figure-lag-more", "was 0, .* ago", LIMIT);
                browser.awaitText("#workers tbody tr", "worker-1.*unreachable.*unknown.*", LIMIT);
                browser.awaitText("#partitions-age", "Last known values, from \\d+s ago", LIMIT);
                browser.awaitText("#partition-1.old", ".*unreachable.*unknown.*restored #\\d+.*", LIMIT);
                shouldShowTheStateOfTheApi();
                assertThat(browser.text("#attention")).doesNotContain("All is well");
                shouldLookRight("unreachable");
                assertThat(browser.errors()).isEmpty();
            }
        }
    }

    private void shouldLookRight(String name) {
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {PHONE, DESKTOP}) {
                browser.look(width, scheme);
                browser.screenshot(name + "-" + scheme + "-" + width, true);
                assertThat(browser.overflow())
                        .as("pixels outside of the window")
                        .isNotPositive();
                assertThat(browser.cutOff()).as("cut off").isEmpty();
            }
            assertThat(browser.accessibilityProblems()).isEmpty();
        }
    }

    /** Which loop has a partition, a worker's partitions as a range, and short ages. */
    private void shouldShowPlacesAndAges() {
        browser.awaitText("#workers .chips", "0-3", LIMIT);
        List<String> loops = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            loops.add(browser.text("#partition-" + partition + " [data-label=Loop]"));
            assertThat(browser.text("#partition-" + partition + " [data-label=For]"))
                    .matches("(\\d+m )?\\d+s");
        }
        assertThat(loops).containsExactlyInAnyOrder("0", "0", "1", "1");
        assertThat(browser.text("#figure-uptime")).matches("(\\d+m )?\\d+s");
    }

    /** The page judges nothing by itself. */
    private void shouldShowTheStateOfTheApi() {
        await("the page shows the state that /job and /workers have")
                .atMost(LIMIT)
                .until(() -> browser.script("""
                const token = sessionStorage.getItem('cairn.token');
                const get = async path => (await fetch(path, token ? {headers: {Authorization: `Bearer ${token}`}} : {})).json();
                return Promise.all([get('job'), get('workers')]).then(([job, workers]) => {
                  const shown = Object.fromEntries([...document.querySelectorAll('#workers tbody tr')]
                    .map(row => [row.querySelector('.name').textContent, row.cells[1].textContent]));
                  return document.getElementById('job-state').textContent === job.state.toLowerCase()
                    && workers.every(one => shown[one.instance] === (one.reachable ? one.condition.toLowerCase() : 'no answer'));
                });
                """).equals(true));
    }

    private void giveToken(String token) {
        browser.click("#token");
        browser.type("#token", token);
        browser.click("#token-dialog button[value=go]");
        browser.awaitText("#connection", "Live", LIMIT);
        assertThat(browser.errors())
                .as("the page was refused once, without a token")
                .allMatch(error -> error.contains("401"));
    }

    private void takeSavepoint() {
        browser.click("#savepoint");
        browser.awaitText("#savepoint-default", ".*savepoints.*", LIMIT);
        browser.click("#savepoint-dialog button[value=go]");
        String location = browser.awaitText("#operations .operation[data-level=good] p", ".*savepoint-.*", LIMIT);
        assertThat(Path.of(location.replaceFirst("^file:(//)?", "")).resolve("_metadata"))
                .exists();
        browser.awaitText("#latest", ".*Latest savepoint#.*", LIMIT);
        browser.screenshot("savepoint-light", false);
        browser.click("#operations button");
    }

    private void pauseAndResume() {
        browser.click("#pause");
        browser.awaitText("#job-state", "paused", LIMIT);
        browser.awaitText("#attention", ".*the worker is paused.*", LIMIT);
        browser.awaitText("#pause", "Resume", LIMIT);
        browser.click("#pause");
        browser.awaitText("#job-state", "running", LIMIT);
    }

    private void shouldLookWellEverywhere() {
        browser.click("#history .opens");
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {DESKTOP, PHONE}) {
                browser.look(width, scheme);
                browser.screenshot("dashboard-" + scheme + "-" + width, true);
                assertThat(browser.overflow())
                        .as("pixels outside of the window")
                        .isNotPositive();
                assertThat(browser.cutOff()).as("cut off").isEmpty();
                assertThat(browser.accessibilityProblems()).isEmpty();
            }
        }
        browser.look(DESKTOP, "light");
    }

    private void cancel(WorkerProcess worker) {
        // When: on second thoughts
        browser.click("#cancel");
        browser.click("#cancel-dialog button[value=cancel]");

        // Then
        assertThat(browser.shows("#cancel-dialog")).isFalse();
        assertThat(worker.isAlive()).isTrue();

        // When
        browser.click("#cancel");
        browser.awaitText("#cancel-consequence", "Its checkpoints stay.*", LIMIT);
        browser.screenshot("cancel-light", false);
        browser.click("#cancel-dialog button[value=go]");

        // Then
        assertThat(worker.awaitExit(LIMIT)).isZero();
        browser.awaitText("#operations .operation", "CancelDone.*", LIMIT);
        browser.awaitText("#connection", "Connection lost.*", LIMIT);
        browser.screenshot("lost-light", false);
        browser.errors();
    }

    private String job(String kind) {
        String job = kind + "-" + ProcessHandle.current().pid();
        broker.createTopic(job + "-in", PARTITIONS);
        broker.createTopic(job + "-out", PARTITIONS);
        return job;
    }

    private WorkerProcess.Builder worker(String job) {
        return Workers.aggregate(broker, directory, job, job + "-in", job + "-out")
                .name(job);
    }

    /** Keys of random letters, so that nothing is saved by compression. */
    private void sendLargeKeys(String topic) {
        Random random = new Random(1);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < LARGE_KEYS; i++) {
            StringBuilder key = new StringBuilder();
            random.ints(2_000, '!', '~').forEach(key::appendCodePoint);
            records.add(Topics.record(topic, key.toString(), "{\"delay\":" + i + "}"));
        }
        Topics.send(broker, records);
    }

    private static String address(WorkerProcess worker) {
        return "http://localhost:" + worker.httpPort() + "/";
    }

    private static void awaitReady(WorkerProcess worker) {
        await("the worker is ready").atMost(LIMIT).until(() -> worker.health("ready")
                .isUp());
    }

    private static void awaitStarted(WorkerProcess worker) {
        await("the worker has started").atMost(LIMIT).until(() -> worker.health("started")
                .isUp());
    }
}
