package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.worker.WorkerProcess;

/** State that does not fit on the heap: with {@code state.backend=hashmap} one error says so, and the way out works. */
class StateTooLargeIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String HEAP = "-Xmx96m";

    @TempDir
    Path directory;

    @Test
    void shouldSayThatTheStateDoesNotFitAndGoOnWithTheOtherBackend() {
        // Given
        SmallJob job = SmallJob.create(Brokers.shared(), directory, "state-too-large");
        job.sendLargeKeys(40_000);

        // When, Then: it says so when the state grows
        try (WorkerProcess worker = onTheHeap(job)) {
            assertThatItSaysSo(worker);
        }
        try (WorkerProcess worker = job.worker().jvm(HEAP).start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
            Errors.none(worker);
        }
        job.verifyExactlyOnce();

        // When, Then: and when it is loaded
        try (WorkerProcess worker = onTheHeap(job)) {
            assertThatItSaysSo(worker);
        }
    }

    private static WorkerProcess onTheHeap(SmallJob job) {
        return job.worker().set("state.backend", "hashmap").jvm(HEAP).start();
    }

    private static void assertThatItSaysSo(WorkerProcess worker) {
        assertThat(Errors.endOf(worker))
                .contains("state.backend=hashmap", "in loop 0", "MiB of the heap")
                .contains("Set state.backend=rocksdb", "-Xmx", "Nothing is lost");
    }
}
