package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import dev.cairn.checkpoint.local.Restored.Source;
import dev.cairn.testkit.LogLines;

class RestoredPartitionsTest {

    private long nanos;
    private final RestoredPartitions restored = new RestoredPartitions(() -> nanos);

    @Test
    void shouldNameCheckpointAndPositionsOfAFew() {
        try (LogLines log = new LogLines(LoopPartitions.class)) {
            // When
            add(0, Source.LOCAL);
            add(2, Source.EMPTY);
            restored.look(false);
            restored.look(false);

            // Then
            assertThat(log.soFar())
                    .filteredOn(line -> line.contains("; "))
                    .containsExactly(
                            "partition 0 resumes from chk-7 of partition 0 (local database, 10 bytes fetched) at {in=1};"
                                    + " partition 2 starts with empty state at {in=1}");
        }
    }

    @Test
    void shouldNameTheNumbersOfManyInOneLineWhenAllAreThere() {
        try (LogLines log = new LogLines(LoopPartitions.class)) {
            // When
            for (int partition = 0; partition < 40; partition++) {
                add(partition, partition == 7 ? Source.EMPTY : Source.STORE);
                restored.look(true);
            }
            restored.look(false);

            // Then
            assertThat(log.soFar())
                    .filteredOn(line -> line.startsWith("partitions ") || line.contains("; "))
                    .containsExactly("partition 7 starts with empty state;"
                            + " partitions 0-6, 8-39 resume from their checkpoints (390 bytes fetched)");
        }
    }

    @Test
    void shouldNotWaitForTheOthersForLongerThanSomeSeconds() {
        try (LogLines log = new LogLines(LoopPartitions.class)) {
            // Given
            add(0, Source.STORE);
            add(1, Source.STORE);
            restored.look(true);
            assertThat(log.soFar()).noneMatch(line -> line.contains("; "));

            // When
            nanos += Duration.ofSeconds(5).toNanos();
            restored.look(true);

            // Then
            assertThat(log.soFar())
                    .anyMatch(line -> line.contains("partition 0 resumes") && line.contains("partition 1 resumes"));
        }
    }

    private void add(int partition, Source source) {
        restored.add(new RestoredPartitions.Entry(partition, source, "chk-7 of partition " + partition, 10, "{in=1}"));
    }
}
