package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.checkpoint.store.StoredEntries;
import dev.cairn.state.DeclaredTimers;
import dev.cairn.state.EventTime;
import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.RocksResources;
import dev.cairn.state.StateMemory;
import dev.cairn.testkit.store.Savepoints;

/** What commands make of timers, and what a savepoint for another number of partitions has of them. */
class TimersCommandsTest {

    private static final int KEYS = 500;
    private static final int PARTITIONS = 4;

    @TempDir
    Path directory;

    private Path job;

    @BeforeEach
    void store() {
        StoredEntries entries = new StoredEntries(directory.resolve("checkpoints"), "timers", PARTITIONS);
        try (RocksResources resources = new RocksResources(8L << 20)) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                store(entries, partition, resources);
            }
        }
        job = entries.store();
    }

    private void store(StoredEntries entries, int partition, RocksResources resources) {
        try (PartitionDatabase database = PartitionDatabase.open(directory.resolve("db-" + partition), resources);
                KeyedState state = new KeyedState(database, StateMemory.caching(1L << 20, 1L << 20), List.of())) {
            DeclaredTimers silent = state.eventTimers("silent");
            DeclaredTimers later = state.processingTimers("later");
            for (int i = 0; i < KEYS; i++) {
                if (partitionOf("k" + i, PARTITIONS) == partition) {
                    state.beginRecord(bytes("k" + i));
                    silent.set(time(i));
                    if (i % 5 == 0) {
                        later.set(time(i));
                    }
                    state.keepRecord();
                }
            }
            entries.put(partition, state.descriptors(), state.freeze())
                    .eventTime(
                            partition,
                            new EventTime(
                                    100 + partition,
                                    Map.of("clicks", 200L),
                                    state.time().timers()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 3, 1})
    void shouldRescaleTimers(int count) {
        // Given
        Path savepoint = directory.resolve("savepoints").resolve("savepoint-1");
        Path rescaled = directory.resolve("savepoints").resolve("savepoint-2");
        Savepoints.create(job, savepoint);

        // When
        Savepoints.rescale(savepoint, rescaled, count);

        // Then: every timer is where its records go, in its order, and none may fire early
        List<String> all = new ArrayList<>();
        try (StoredState stored = StoredState.open(rescaled.toString())) {
            for (int partition : stored.partitions()) {
                try (StoredState.OpenedPartition opened = stored.open(partition)) {
                    List<String> fired = fire(opened, partition, count);
                    EventTime time = opened.checkpoint().eventTime();
                    assertThat(time.watermark()).isEqualTo(100);
                    assertThat(time.timers()).isEqualTo(fired.size());
                    all.addAll(fired);
                }
            }
        }
        assertThat(all).doesNotHaveDuplicates().hasSize(KEYS + KEYS / 5);
    }

    private static List<String> fire(StoredState.OpenedPartition opened, int partition, int count) {
        List<String> fired = new ArrayList<>();
        try (KeyedState state = new KeyedState(
                opened.database(),
                StateMemory.caching(1L << 20, 1L << 20),
                opened.checkpoint().states())) {
            DeclaredTimers silent = state.eventTimers("silent");
            for (DeclaredTimers timers : List.of(silent, state.processingTimers("later"))) {
                String name = timers == silent ? "silent" : "later";
                long last = Long.MIN_VALUE;
                for (long time = timers.nextTime(); time != DeclaredTimers.NEVER; time = timers.nextTime()) {
                    String key = new String(timers.nextKey(), StandardCharsets.UTF_8);
                    assertThat(time).isGreaterThanOrEqualTo(last).isEqualTo(time(Integer.parseInt(key.substring(1))));
                    assertThat(partitionOf(key, count)).isEqualTo(partition);
                    last = time;
                    state.beginRecord(timers.nextKey());
                    assertThat(timers.at()).hasValue(time);
                    timers.fired();
                    state.keepRecord();
                    fired.add(name + " of " + key);
                }
            }
        }
        return fired;
    }

    @Test
    void shouldShowTimersByTheirKey() {
        // When
        Typed get = Typed.command("state", "get", job.toString(), "silent", "k7");
        Typed export = Typed.command("state", "export", job.toString());

        // Then: their order by time is not shown besides
        assertThat(get.err()).isEmpty();
        assertThat(get.out()).isEqualTo(time(7) + "\n");
        assertThat(export.out().lines()).hasSize(KEYS + KEYS / 5);
        assertThat(export.out()).contains("\"state\":\"silent\",\"key\":\"k7\",\"value\":" + time(7) + "}");
    }

    private static long time(int key) {
        return 1_000 + key * 7919L % KEYS;
    }

    private static int partitionOf(String key, int count) {
        return Utils.toPositive(Utils.murmur2(bytes(key))) % count;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
