package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.HotKeys;

/** What a running worker says of its keys. */
class HotKeysIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void shouldShowTheKeysOfThePartitionsThatItHas() {
        // Given
        TestJob job = new TestJob(Brokers.shared(), directory, 2);
        job.send(40, 5);
        EmbeddedWorker first = job.start("worker-1");
        try (EmbeddedWorker second = job.worker("worker-2")) {
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(first.hotKeys().updates())
                        .extracting(HotKeys.Updated::partition)
                        .contains(0, 1);
                assertThat(first.hotKeys().updates())
                        .allSatisfy(hot -> assertThat(hot.count()).isPositive());
                assertThat(first.hotKeys().largest())
                        .extracting(HotKeys.Large::partition)
                        .contains(0, 1);
            });

            // When
            second.start();

            // Then
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(first.hotKeys().updates())
                        .extracting(HotKeys.Updated::partition)
                        .hasSizeGreaterThan(0)
                        .containsOnly(first.status().partitions().get(0).number());
                assertThat(first.status().partitions()).hasSize(1);
            });
        } finally {
            first.close();
        }
    }

    @Test
    void shouldShowNothingWhereItIsTurnedOff() {
        // Given
        TestJob job = new TestJob(Brokers.shared(), directory, 1).set("cairn.hot-keys.enabled", "false");
        job.send(40, 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.awaitCommitted();

            // Then
            assertThat(worker.hotKeys()).isEqualTo(HotKeys.NONE);
        }
    }
}
