package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import dev.cairn.storage.StoreStatus;
import dev.cairn.worker.status.JobState;
import dev.cairn.worker.status.Judgement;
import dev.cairn.worker.status.WorkerState;
import dev.cairn.worker.status.WorkerStatus;

class StatusLineTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int INTERVALS_MISSED = 10;
    private static final int LINES_AFTERWARDS = INTERVALS_MISSED / 2;

    @Test
    void shouldNotMakeUpForWhatOthersHaveDelayed() throws InterruptedException {
        // Given: a thread that something else holds
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try {
            List<Long> said = new CopyOnWriteArrayList<>();
            new StatusLine(() -> {
                        said.add(System.nanoTime());
                        return STATUS;
                    })
                    .start(executor, INTERVAL);
            CountDownLatch holds = new CountDownLatch(1);
            CountDownLatch released = new CountDownLatch(1);
            executor.execute(() -> hold(holds, released));
            assertThat(holds.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            int before = said.size();
            long held = System.nanoTime();
            await("as long as several lines take")
                    .atMost(LIMIT)
                    .until(() -> System.nanoTime() - held > INTERVALS_MISSED * INTERVAL.toNanos());

            // When
            released.countDown();

            // Then: what comes late does not bring others along
            await("the next lines").atMost(LIMIT).until(() -> said.size() >= before + LINES_AFTERWARDS);
            for (int line = before + 1; line < before + LINES_AFTERWARDS; line++) {
                assertThat(said.get(line) - said.get(line - 1))
                        .as("nanoseconds between lines")
                        .isGreaterThanOrEqualTo(INTERVAL.toNanos());
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static void hold(CountDownLatch holds, CountDownLatch released) {
        holds.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final WorkerStatus STATUS = new WorkerStatus(
            "orders",
            "worker-1",
            "1",
            Instant.EPOCH,
            WorkerState.RUNNING,
            false,
            List.of(),
            List.of(),
            0,
            OptionalLong.empty(),
            0,
            0,
            0,
            Optional.empty(),
            Duration.ZERO,
            StoreStatus.UNKNOWN,
            Optional.empty(),
            new Judgement(JobState.RUNNING, List.of(), List.of()));
}
