package dev.cairn.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.settings.MemorySize;
import dev.cairn.testkit.Browser;

/** The dashboard's files in a real browser, before a job of more workers and partitions than a test can run. */
class DashboardPageIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int DESKTOP = 1280;
    private static final int PHONE = 390;
    private static final CountDownLatch AT_ONCE = new CountDownLatch(0);
    private static final String WAITING = "return document.querySelectorAll('[aria-busy=true]').length";

    @TempDir
    static Path profile;

    private static Browser browser;

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
    void shouldHoldThePlacesOfWhatIsNotThereYet() {
        // Given: a worker that does not answer yet
        LargeJob job = new LargeJob(20, 200);
        CountDownLatch answering = new CountDownLatch(1);
        try (PageServer server = PageServer.start(job.answers(), answering)) {
            server.show(job.picture());
            browser.open(server.address(), DESKTOP, "light");

            // Then
            assertThat((long) browser.script(WAITING)).isPositive();
            assertThat(browser.shows("#partitions .empty"))
                    .as("nothing is said to be missing while it is loading")
                    .isFalse();
            assertThat(browser.accessibilityProblems()).isEmpty();
            browser.screenshot("loading", true);

            // When
            answering.countDown();

            // Then
            await("everything is there").atMost(LIMIT).until(() -> (long) browser.script(WAITING) == 0);
            assertThat(browser.errors()).isEmpty();
            leave();
        }
    }

    @Test
    void shouldShowTwoHundredPartitionsOfTwentyWorkers() {
        // Given
        LargeJob job = new LargeJob(20, 200).park(42).restore(73);
        try (PageServer server = PageServer.start(job.answers(), AT_ONCE)) {
            StreamEvent.Status picture = job.picture();
            server.show(picture);
            browser.open(server.address(), DESKTOP, "light");
            browser.awaitText("#figure-partitions", "200", LIMIT);

            // Then: the state is what the API says, of the job and of each worker
            assertThat(browser.text("#job-state")).isEqualTo(stateOf(picture));
            assertThat(texts("#workers tbody tr > :nth-child(2)"))
                    .containsExactlyInAnyOrderElementsOf(picture.workers().stream()
                            .map(worker -> worker.condition().toLowerCase(Locale.ROOT))
                            .toList());

            // Then: a worker's partitions are ranges, and one that is parked stands out
            assertThat(texts("#workers tbody tr:nth-child(1) .chip"))
                    .as("the worker that is degraded comes first")
                    .containsExactly("2-3", "42", "43", "82-83", "122-123", "162-163");
            assertThat(browser.script("return document.querySelector('#workers .chip[data-state=PARKED]').textContent"))
                    .isEqualTo("42");

            // Then: each partition has a cell, and the table is limited
            assertThat(texts("#strip .cell")).hasSize(200);
            assertThat(browser.script("return document.getElementById('cell-42').dataset.state"))
                    .isEqualTo("PARKED");
            assertThat(texts("#partitions tbody tr")).hasSize(50);
            assertThat(texts("#partitions tbody th").get(0)).isEqualTo("42");
            assertThat(texts("#states button")).containsExactly("1 parked", "1 restoring", "198 running");

            shouldShowAPartition(picture);
            shouldFilter();
            shouldMoveByKeys();
            shouldStayInPlace(job, server);
            shouldFitEverywhere("many");
            assertThat(browser.errors()).isEmpty();
            leave();
        }
    }

    /** Numbers have the units of commands and log, and ages are short. */
    private void shouldShowAPartition(StreamEvent.Status picture) {
        assertThat(browser.text("#figure-uptime")).isEqualTo("5d 2h");
        assertThat(cell(0, "For")).matches("3h \\d+m");
        assertThat(cell(42, "For")).matches("2m \\d+s");
        assertThat(cell(2, "Taken")).matches("\\d+s ago");
        assertThat(cell(2, "Loop")).isEqualTo("0");
        assertThat(cell(3, "Loop")).isEqualTo("1");
        assertThat(cell(42, "Lag")).isEqualTo("unknown");
        assertThat(cell(11, "Checkpoint")).isEqualTo("restored #2");
        PartitionView first = picture.partitions().get(0);
        assertThat(cell(0, "Checkpoint")).isEqualTo("#" + first.checkpoint().id());
        assertThat(cell(0, "Full"))
                .isEqualTo(MemorySize.approximately(first.checkpoint().stateSize()));
        assertThat(cell(0, "Delta"))
                .isEqualTo(MemorySize.approximately(first.checkpoint().checkpointedSize()));
    }

    private void shouldFilter() {
        browser.click("#states button[data-state=PARKED]");
        await("the parked one only").atMost(LIMIT).until(() -> texts("#partitions tbody th")
                .equals(List.of("42")));
        browser.click("#states button[data-state=PARKED]");
        browser.script("const workers = document.getElementById('partitions-worker'); workers.value = 'worker-3';"
                + " workers.dispatchEvent(new Event('change'))");
        await("those of a worker").atMost(LIMIT).until(() -> texts("#partitions tbody th")
                .equals(List.of("4", "5", "44", "45", "84", "85", "124", "125", "164", "165")));
        browser.script("const workers = document.getElementById('partitions-worker'); workers.value = '';"
                + " workers.dispatchEvent(new Event('change'))");
        await("all again")
                .atMost(LIMIT)
                .until(() -> texts("#partitions tbody tr").size() == 50);
    }

    private void shouldMoveByKeys() {
        browser.script("document.getElementById('strip').focus()");
        for (String key : List.of("Home", "ArrowRight", "ArrowRight", "Enter")) {
            browser.script(
                    "document.getElementById('strip').dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0]}))",
                    key);
        }
        assertThat(browser.script("return document.getElementById('strip').getAttribute('aria-activedescendant')"))
                .isEqualTo("cell-2");
        assertThat(browser.text("#strip-line"))
                .startsWith("Partition 2")
                .contains("worker-2", "loop 0", "checkpoint #");
        browser.awaitText("#partitions tr.details", ".*#2 from the store, 3h 0m ago.*", LIMIT);
        browser.click("#partition-2 .opens");
        browser.script("document.activeElement.blur()");
    }

    private void shouldStayInPlace(LargeJob job, PageServer server) {
        browser.script("window.shifts = 0; new PerformanceObserver(list => list.getEntries()"
                + ".forEach(entry => { window.shifts += entry.value; })).observe({type: 'layout-shift'})");
        String before = cell(0, "Lag");
        server.show(job.picture());
        await("newer values").atMost(LIMIT).until(() -> !cell(0, "Lag").equals(before));
        assertThat(((Number) browser.script("return new Promise(done => setTimeout(() => done(window.shifts), 500))"))
                        .doubleValue())
                .as("how far an update has moved what was there")
                .isLessThan(0.001);
    }

    private void shouldFitEverywhere(String name) {
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {DESKTOP, PHONE}) {
                browser.look(width, scheme);
                browser.screenshot(name + "-" + scheme + "-" + width, true);
                assertThat(browser.overflow())
                        .as("pixels outside of the window")
                        .isNotPositive();
                assertThat(browser.cutOff()).as("cut off").isEmpty();
            }
            assertThat(browser.accessibilityProblems()).isEmpty();
        }
        browser.look(DESKTOP, "light");
    }

    @Test
    void shouldShowWhatIsOldAsOld() {
        // Given: a page that has seen all of the job
        LargeJob job = new LargeJob(20, 200);
        try (PageServer server = PageServer.start(job.answers(), AT_ONCE)) {
            server.show(job.picture());
            browser.open(server.address(), DESKTOP, "light");
            browser.awaitText("#states", "200 running", LIMIT);
            String checkpoint = cell(12, "Checkpoint");

            // When
            job.lose(7);
            StreamEvent.Status degraded = job.picture();
            server.show(degraded);

            // Then: the partitions of a worker that is gone keep what was last known
            browser.awaitText("#job-state", stateOf(degraded), LIMIT);
            assertThat(texts("#states button")).containsExactly("10 no answer", "190 running");
            assertThat(cell(12, "State")).isEqualTo("no answer");
            assertThat(cell(12, "Checkpoint")).isEqualTo(checkpoint);
            assertThat(cell(12, "Lag")).isEqualTo("unknown");
            assertThat(browser.text("#partitions-age")).matches("Last known values of 10 partitions, from \\d+s ago");
            assertThat(browser.text("#workers tbody tr")).startsWith("worker-7no answer");
            assertThat(browser.text("#attention")).contains("Worker away", "worker-7 does not answer");

            // When
            job.forget(7).loseKafka(Duration.ofSeconds(139));
            StreamEvent.Status unreachable = job.picture();
            server.show(unreachable);

            // Then
            browser.awaitText("#job-state", stateOf(unreachable), LIMIT);
            browser.awaitText("#workers-left", "Not in the group any more: worker-7, last seen \\d+s ago", LIMIT);
            assertThat(browser.text("#figure-lag")).isEqualTo("unknown");
            assertThat(browser.text("#figure-lag-more")).matches("was [\\d.]+ [kM], \\d+s ago");
            assertThat(texts("#states button")).contains("190 unreachable");
            assertThat(cell(0, "State")).isEqualTo("unreachable");
            assertThat(cell(0, "For")).matches("2m \\d+s");
            assertThat(browser.text("#attention strong")).isEqualTo("Broker unreachable (19)");

            // When
            job.loseKafka(Duration.ZERO).pause();
            StreamEvent.Status paused = job.picture();
            server.show(paused);

            // Then
            browser.awaitText("#job-state", stateOf(paused), LIMIT);
            assertThat(cell(0, "State")).isEqualTo("paused");
            assertThat(browser.errors()).isEmpty();
        }

        // Then: the worker that serves the page is gone itself
        browser.awaitText("#job-state", "was .*", LIMIT);
        browser.awaitText("#notice", "No answer from this worker.*stood at \\d\\d:\\d\\d:\\d\\d\\.", LIMIT);
        leave();
    }

    @Test
    void shouldCopeWithAThousandPartitions() {
        // Given
        LargeJob job = new LargeJob(20, 1_000).park(999);
        try (PageServer server = PageServer.start(job.answers(), AT_ONCE)) {
            server.show(job.picture());
            browser.open(server.address(), PHONE, "light");

            // Then
            browser.awaitText("#figure-partitions", "1,000", LIMIT);
            assertThat(texts("#strip .cell")).hasSize(1_000);
            assertThat(texts("#partitions tbody tr")).hasSize(50);
            assertThat(browser.overflow()).as("pixels outside of the window").isNotPositive();
            assertThat(browser.cutOff()).as("cut off").isEmpty();
            assertThat(((Number) browser.script("return document.getElementById('strip').clientHeight")).intValue())
                    .as("a thousand cells fit on a phone")
                    .isLessThan(400);
            assertThat(browser.errors()).isEmpty();
            leave();
        }
    }

    private static String stateOf(StreamEvent.Status picture) {
        return picture.job().state().name().toLowerCase(Locale.ROOT);
    }

    /** The page must not ask a server that has ended. */
    private static void leave() {
        browser.open("about:blank", DESKTOP, "light");
        browser.errors();
    }

    @SuppressWarnings("unchecked")
    private static List<String> texts(String selector) {
        return (List<String>) browser.script(
                "return [...document.querySelectorAll(arguments[0])].map(element => element.textContent)", selector);
    }

    /** What a column of the table says of a partition. */
    private static String cell(int partition, String column) {
        return browser.text("#partition-" + partition + " [data-label=" + column + "]");
    }
}
