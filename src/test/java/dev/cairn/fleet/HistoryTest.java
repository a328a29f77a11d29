package dev.cairn.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.CheckpointReport.Outcome;
import dev.cairn.worker.status.CheckpointReport.Trigger;

class HistoryTest {

    private final History history = new History();

    @Test
    void shouldKeepTheNewestRowsAndCountAll() throws Exception {
        // Given
        List<FleetEvent.Row> told = new ArrayList<>();
        try (AutoCloseable listening = history.listen(told::add)) {
            assertThat(listening).isNotNull();

            // When
            history.add(checkpoint(0, Outcome.FAILED));
            for (int loop = 1; loop <= 1_200; loop++) {
                history.add(checkpoint(loop, Outcome.COMPLETED));
            }
        }
        history.add(new FleetEvent.SavepointEnded("a", Instant.EPOCH, Duration.ZERO, "file:/x", 1, 2, 3, 4, ""));

        // Then
        History.Picture picture = history.picture(2_000);
        assertThat(picture.rows()).hasSize(1_000);
        assertThat(picture.rows().get(0)).isInstanceOf(FleetEvent.SavepointEnded.class);
        assertThat(picture.rows().get(1)).isEqualTo(checkpoint(1_200, Outcome.COMPLETED));
        assertThat(history.picture(5).rows()).hasSize(5);
        assertThat(picture.completed()).isEqualTo(1_201);
        assertThat(picture.failed()).isEqualTo(1);
        assertThat(picture.lastFailed()).as("no row any more").contains(checkpoint(0, Outcome.FAILED));
        assertThat(picture.lastSavepoint()).isPresent();
        assertThat(told).hasSize(1_201);
    }

    private static FleetEvent.CheckpointEnded checkpoint(int loop, Outcome outcome) {
        return new FleetEvent.CheckpointEnded(new CheckpointReport(
                "a",
                loop,
                Trigger.INTERVAL,
                outcome,
                Instant.EPOCH,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                "",
                List.of()));
    }
}
