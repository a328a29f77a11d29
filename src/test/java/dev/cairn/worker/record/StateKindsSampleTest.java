package dev.cairn.worker.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.settings.JobSettings;
import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.RocksResources;
import dev.cairn.state.StateMemory;
import dev.cairn.testkit.worker.WorkerSettings;

/** The sample of state kinds in docs/processors.md does what the page says. */
class StateKindsSampleTest {

    @TempDir
    Path directory;

    @Test
    void shouldShowTheSampleThatIsTested() throws IOException {
        // Given
        String source = Files.readString(Path.of("src/test/java/dev/cairn/worker/record/Visitors.java"));

        // Then
        assertThat(Files.readString(Path.of("docs", "processors.md")))
                .contains(source.substring(source.indexOf("@Dependent\n@Named")));
    }

    @Test
    void shouldKeepTheVisitsOfAnHour() {
        try (RocksResources resources = new RocksResources(8L << 20);
                PartitionDatabase database = PartitionDatabase.open(directory.resolve("db"), resources);
                KeyedState state = new KeyedState(database, StateMemory.caching(1L << 20, 1L << 20), List.of())) {
            // Given
            Visitors visitors = new Visitors();
            JobSettings job = new WorkerSettings()
                    .job("broker:9092", "visitors")
                    .reads("visits")
                    .checkpointsIn("unused")
                    .read()
                    .job();
            visitors.declare(new Declared<>(
                    0, visitors, state, new DeclaredInputs(job), new DeclaredOutputs(job, null, state.scope())));

            // When
            List<Long> totals = new ArrayList<>();
            for (int minute : List.of(0, 10, 59, 65, 75)) {
                process(visitors, state, minute, totals);
            }

            // Then: those of minutes 0 and 10 are gone, from the map and, two, from the list
            assertThat(totals).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(state.freeze().stream().filter(change -> change.value() != null))
                    .hasSize(3 + 3 + 1);
        }
    }

    private static void process(Visitors visitors, KeyedState state, int minute, List<Long> totals) {
        state.beginRecord("page".getBytes(StandardCharsets.UTF_8));
        long timestamp = Duration.ofMinutes(minute).toMillis();
        visitors.process(
                new InputRecord<>("visits", 0, minute, timestamp, "page", "visitor-" + minute, new RecordHeaders()),
                new Output<>() {
                    @Override
                    public void emit(String key, Long value) {
                        totals.add(value);
                    }

                    @Override
                    public void emit(String key, Long value, Headers headers) {
                        totals.add(value);
                    }
                });
        state.keepRecord();
    }
}
