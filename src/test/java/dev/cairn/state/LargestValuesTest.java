package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.ValueState;

class LargestValuesTest {

    @TempDir
    Path directory;

    private RocksResources resources;
    private PartitionDatabase database;
    private KeyedState state;
    private ValueState<String> names;

    @BeforeEach
    void open() {
        resources = new RocksResources(8L << 20);
        database = PartitionDatabase.open(directory.resolve("db"), resources);
        state = new KeyedState(database, StateMemory.caching(1 << 20, 1 << 20), List.of());
        names = state.valueState("names", Serdes.String());
    }

    @AfterEach
    void close() {
        state.close();
        database.close();
        resources.close();
    }

    @Test
    void shouldKnowTheLargestOfManyValues() {
        // When
        for (int i = 1; i <= 1_000; i++) {
            update("key-" + i, (i * 7919) % 1_009);
        }
        state.freeze();

        // Then
        assertThat(state.largestValues()).hasSize(LargestValues.MOST);
        assertThat(state.largestValues()).extracting(LargeValue::bytes).first().isEqualTo(1_008);
        assertThat(state.largestValues()).isSortedAccordingTo((a, b) -> b.bytes() - a.bytes());
        assertThat(state.largestValues())
                .allSatisfy(large -> assertThat(large.bytes()).isGreaterThan(1_008 - 2 * LargestValues.MOST));
    }

    @Test
    void shouldFollowAKeyWhoseValueShrinksOrGoes() {
        // Given
        update("a", 300);
        update("b", 200);
        update("c", 100);
        commit();

        // When
        update("a", 150);
        update("c", 0);
        commit();

        // Then
        assertThat(state.largestValues())
                .extracting(
                        LargeValue::state, large -> new String(large.key(), StandardCharsets.UTF_8), LargeValue::bytes)
                .containsExactly(tuple("names", "b", 200), tuple("names", "a", 150));
    }

    private void commit() {
        state.freeze();
        state.releaseFrozen();
    }

    private void update(String key, int bytes) {
        state.beginRecord(key.getBytes(StandardCharsets.UTF_8));
        names.update(bytes == 0 ? null : "x".repeat(bytes));
        state.keepRecord();
    }
}
