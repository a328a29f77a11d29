package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import dev.cairn.storage.StoreStatus;
import dev.cairn.worker.status.MissingInputs;
import dev.cairn.worker.status.WorkerState;
import dev.cairn.worker.status.WorkerStatus;

class StatusLineTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int INTERVALS_MISSED = 10;

    @Test
    void shouldNotMakeUpForWhatOthersHaveDelayed() throws InterruptedException {
        // Given: a thread that something else holds
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try {
            AtomicInteger said = new AtomicInteger();
            new StatusLine(() -> {
                        said.incrementAndGet();
                        return STATUS;
                    })
                    .start(executor, INTERVAL);
            CountDownLatch held = new CountDownLatch(1);
            executor.execute(() -> hold(held));
            TimeUnit.MILLISECONDS.sleep(INTERVALS_MISSED * INTERVAL.toMillis());
            int before = said.get();

            // When
            held.countDown();

            // Then
            await("the next line").atMost(LIMIT).until(() -> said.get() > before);
            TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis() / 4);
            assertThat(said.get() - before).isLessThan(INTERVALS_MISSED / 2);
        } finally {
            executor.shutdownNow();
        }
    }

    private static void hold(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final WorkerStatus STATUS = new WorkerStatus(
            new WorkerStatus.Identity("orders", "worker-1", "1", Instant.EPOCH),
            WorkerState.RUNNING,
            false,
            List.of(),
            List.of(),
            new WorkerStatus.Surroundings(
                    Duration.ZERO, StoreStatus.UNKNOWN, MissingInputs.NONE, Optional.empty(), Duration.ZERO));
}
