package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.JsonSerde;
import dev.cairn.api.MapState;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;
import dev.cairn.api.VersionedSerde;
import dev.cairn.checkpoint.store.StoredEntries;
import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.PartitionTime;
import dev.cairn.state.RocksResources;
import dev.cairn.state.StateDescriptor;
import dev.cairn.state.StateMemory;
import dev.cairn.testkit.store.Savepoints;

/** What commands make of states with versions and with a TTL. */
class EvolvedStateCommandsTest {

    private static final List<String> KEYS = List.of("ATL", "JFK", "LAX", "ORD", "DEN", "SFO", "SEA", "LAS");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private Path job;
    private long clock;

    @BeforeEach
    void store() {
        StoredEntries entries = new StoredEntries(directory.resolve("checkpoints"), "evolved", 2);
        try (RocksResources resources = new RocksResources(8L << 20)) {
            for (int partition = 0; partition < 2; partition++) {
                store(entries, partition, resources);
            }
        }
        job = entries.store();
    }

    private PartitionTime time() {
        return new PartitionTime(Duration.ZERO, Duration.ZERO, () -> clock);
    }

    private void store(StoredEntries entries, int partition, RocksResources resources) {
        clock = System.currentTimeMillis() - 2 * HOUR.toMillis();
        StateMemory memory = StateMemory.caching(1L << 20, 1L << 20);
        try (PartitionDatabase database = PartitionDatabase.open(directory.resolve("db-" + partition), resources);
                KeyedState before = new KeyedState(database, memory, List.of(), time())) {
            ValueState<Long> amount = before.valueState("amount", VersionedSerde.of("amount", 1, Serdes.Long()));
            MapState<String, String> seen =
                    before.expiring().mapState("seen", Serdes.String(), Serdes.String(), Ttl.after(HOUR));
            for (String key : keysOf(partition, 2)) {
                before.beginRecord(bytes(key));
                amount.update(1L);
                seen.put("expired", "x");
                before.keepRecord();
                clock += 2 * HOUR.toMillis();
                before.beginRecord(bytes(key));
                seen.put("alive", "y");
                before.keepRecord();
                clock -= 2 * HOUR.toMillis();
            }
            entries.put(partition, before.descriptors(), before.freeze());
        }
    }

    @Test
    void shouldShowWhatIsAliveAsItsVersionWasWritten() {
        // When
        Typed export = Typed.command("state", "export", job.toString());
        Typed amount = Typed.command("state", "get", job.toString(), "amount", "JFK");
        Typed seen = Typed.command("state", "get", job.toString(), "seen", "JFK");
        Typed expired = Typed.command("state", "get", job.toString(), "seen", "JFK", "--entry", "expired");
        Typed index = Typed.command("state", "get", job.toString(), "seen@times", "JFK");

        // Then
        assertThat(export.out().lines()).hasSize(2 * KEYS.size());
        assertThat(export.out()).doesNotContain("expired").doesNotContain("@times");
        assertThat(amount.out()).isEqualTo("1\n");
        assertThat(seen.out()).isEqualTo("alive: y\n");
        assertThat(expired.exitCode()).isEqualTo(1);
        assertThat(expired.err()).contains("has no value for this key and entry");
        assertThat(index.err()).contains("there is no state 'seen@times'", "Give one of these: amount, seen");
    }

    @Test
    void shouldRescaleVersionsAndTimes() {
        // Given
        Path savepoint = directory.resolve("savepoints").resolve("savepoint-1");
        Path rescaled = directory.resolve("savepoints").resolve("savepoint-2");
        Savepoints.create(job, savepoint);

        // When
        Savepoints.rescale(savepoint, rescaled, 3);

        // Then: each partition migrates its values, and deletes those that expire
        VersionedSerde<String> second = VersionedSerde.of("amount", 2, JsonSerde.of(String.class))
                .from(1, Serdes.Long(), amount -> amount + " EUR");
        try (StoredState stored = StoredState.open(rescaled.toString())) {
            for (int partition = 0; partition < 3; partition++) {
                try (StoredState.OpenedPartition opened = stored.open(partition);
                        KeyedState state = new KeyedState(
                                opened.database(),
                                StateMemory.caching(1L << 20, 1L << 20),
                                opened.checkpoint().states(),
                                time())) {
                    ValueState<String> amount = state.valueState("amount", second);
                    MapState<String, String> seen =
                            state.expiring().mapState("seen", Serdes.String(), Serdes.String(), Ttl.after(HOUR));
                    clock = System.currentTimeMillis();
                    List<String> keys = keysOf(partition, 3);
                    for (String key : keys) {
                        state.beginRecord(bytes(key));
                        assertThat(amount.value()).isEqualTo("1 EUR");
                        assertThat(seen.all()).containsExactly(Map.entry("alive", "y"));
                        state.dropRecord();
                    }
                    clock += 2 * HOUR.toMillis();
                    assertThat(state.expiring().deleteExpired(1_000)).isFalse();
                    assertThat(state.freeze()).hasSize(keys.isEmpty() ? 0 : 4 * keys.size());
                    assertThat(state.descriptors())
                            .filteredOn(each -> each.name().equals("amount"))
                            .extracting(StateDescriptor::versions)
                            .allSatisfy(versions -> assertThat(versions).containsOnlyKeys(1, 2));
                }
            }
        }
    }

    private static List<String> keysOf(int partition, int count) {
        return KEYS.stream()
                .filter(key -> Utils.toPositive(Utils.murmur2(bytes(key))) % count == partition)
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
