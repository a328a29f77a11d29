package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.OrderedSerdes;
import dev.cairn.api.ReducingState;

/** Maps, lists and reduced values of a record key, and what a processor must not do with them. */
class DeclaredStatesTest {

    private static final long PLENTY = 64L << 20;

    @TempDir
    Path directory;

    private RocksResources resources;
    private PartitionDatabase database;
    private StateMemory memory;
    private KeyedState state;
    private int files;

    @BeforeEach
    void open() {
        resources = new RocksResources(8L << 20);
        database = PartitionDatabase.open(directory.resolve("db"), resources);
        memory = StateMemory.caching(PLENTY, PLENTY);
        state = new KeyedState(database, memory, List.of());
    }

    @AfterEach
    void close() {
        state.close();
        database.close();
        resources.close();
    }

    @Test
    void shouldIterateInNaturalOrder() {
        // Given: numbers in the database and on the heap, of two record keys
        MapState<Long, String> map = state.mapState("map", OrderedSerdes.longs(), Serdes.String());
        record("a", () -> List.of(5L, -1L, 300L).forEach(number -> map.put(number, "stored")));
        record("b", () -> map.put(7L, "other"));
        commit();
        record("a", () -> List.of(0L, -300L, 256L).forEach(number -> map.put(number, "changed")));

        // Then
        record("a", () -> {
            assertThat(keys(map.all())).containsExactly(-300L, -1L, 0L, 5L, 256L, 300L);
            assertThat(keys(map.all().reversed())).containsExactly(300L, 256L, 5L, 0L, -1L, -300L);
            assertThat(keys(map.range(-1L, 256L))).containsExactly(-1L, 0L, 5L);
            assertThat(keys(map.range(-1L, 256L).reversed())).containsExactly(5L, 0L, -1L);
            assertThat(keys(map.range(null, 0L))).containsExactly(-300L, -1L);
            assertThat(keys(map.range(6L, null))).containsExactly(256L, 300L);
            assertThat(keys(map.range(1L, 1L))).isEmpty();
            assertThat(keys(map.range(9L, 1L))).isEmpty();
            assertThat(keys(map.range(9L, 1L).reversed())).isEmpty();
            assertThat(map.range(null, 5L).reversed().first()).contains(Map.entry(0L, "changed"));
        });
    }

    @Test
    void shouldIterateByPrefix() {
        // Given
        MapState<String, Long> map = state.mapState("map", OrderedSerdes.text(), Serdes.Long());
        record("a", () -> List.of("", "a", "ab", "ab/1", "ab/\u00e9", "ac", "b").forEach(key -> map.put(key, 1L)));
        commit();
        record("a", () -> map.put("ab/2", 2L));

        // Then
        record("a", () -> {
            assertThat(keys(map.prefix("ab/"))).containsExactly("ab/1", "ab/2", "ab/\u00e9");
            assertThat(keys(map.prefix("a").reversed())).containsExactly("ac", "ab/\u00e9", "ab/2", "ab/1", "ab", "a");
            assertThat(keys(map.prefix(""))).hasSize(8);
            assertThat(keys(map.prefix("x"))).isEmpty();
        });
    }

    @Test
    void shouldOrderNumbersAndInstantsAsJavaDoes() {
        // Then
        requireOrder(
                OrderedSerdes.longs(), List.of(Long.MIN_VALUE, -256L, -255L, -1L, 0L, 1L, 255L, 256L, Long.MAX_VALUE));
        requireOrder(OrderedSerdes.ints(), List.of(Integer.MIN_VALUE, -256, -1, 0, 1, 255, 256, Integer.MAX_VALUE));
        requireOrder(
                OrderedSerdes.doubles(),
                List.of(
                        Double.NEGATIVE_INFINITY,
                        -Double.MAX_VALUE,
                        -1.5,
                        -Double.MIN_VALUE,
                        -0.0,
                        0.0,
                        Double.MIN_VALUE,
                        1.5,
                        2.0,
                        Double.POSITIVE_INFINITY,
                        Double.NaN));
        requireOrder(
                OrderedSerdes.instants(),
                List.of(
                        Instant.MIN,
                        Instant.EPOCH.minusNanos(1),
                        Instant.EPOCH,
                        Instant.EPOCH.plusNanos(1),
                        Instant.EPOCH.plusSeconds(256),
                        Instant.MAX));
        requireOrder(OrderedSerdes.text(), List.of("", "A", "Z", "a", "a ", "ab", "\u00e9", "\uffff", "\ud83d\ude00"));
    }

    private static <T> void requireOrder(Serde<T> serde, List<T> ascending) {
        List<Change> written = new ArrayList<>(ascending.stream()
                .map(value -> new Change(serde.serializer().serialize("t", value), null))
                .toList());
        assertThat(written).isSortedAccordingTo(Change.BY_KEY);
        Deserializer<T> reader = serde.deserializer();
        assertThat(written.stream().map(change -> reader.deserialize("t", change.key())))
                .isEqualTo(ascending);
    }

    @Test
    void shouldWriteOneEntryForOneChange() {
        // Given: large collections
        MapState<Integer, String> map = state.mapState("map", OrderedSerdes.ints(), Serdes.String());
        ListState<String> list = state.listState("list", Serdes.String());
        record("a", () -> IntStream.range(0, 1_000).forEach(number -> {
            map.put(number, "x");
            list.add("x");
        }));
        assertThat(commit()).isEqualTo(2_000);
        long misses = memory.misses();

        // When
        record("a", () -> {
            map.put(500, "y");
            map.put(1_000, "new");
            map.remove(7);
            list.add("y");
        });

        // Then
        assertThat(commit()).isEqualTo(4);
        assertThat(memory.misses()).isEqualTo(misses);
        record("a", () -> {
            assertThat(list.size()).isEqualTo(1_001);
            list.keepLast(1_000);
        });
        assertThat(commit()).isEqualTo(1);
    }

    @Test
    void shouldKeepTheLastElements() {
        // Given
        ListState<Integer> list = state.listState("list", Serdes.Integer());

        // When
        record("a", () -> {
            list.addAll(List.of(1, 2, 3, 4));
            list.keepLast(2);
        });
        commit();
        record("a", () -> list.add(5));

        // Then
        record("a", () -> {
            assertThat(list).containsExactly(3, 4, 5);
            assertThat(list.reversed()).containsExactly(5, 4, 3);
            assertThat(list.last()).isEqualTo(5);
            list.clear();
            assertThat(list).isEmpty();
            assertThat(list.last()).isNull();
            list.add(6);
            assertThat(list).containsExactly(6);
        });
        assertThatThrownBy(() -> record("a", () -> list.keepLast(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldReduce() {
        // Given
        ReducingState<Long> largest = state.reducingState("largest", Serdes.Long(), Math::max);

        // When
        record("a", () -> assertThat(largest.add(3L)).isEqualTo(3));
        commit();
        record("a", () -> assertThat(largest.add(2L)).isEqualTo(3));

        // Then
        StateDescriptor descriptor = state.descriptors().get(0);
        assertThat(descriptor.kind()).isEqualTo("reducing");
        assertThat(database.value(descriptor, bytes("a"))).isPresent();
        assertThat(state.current(descriptor, bytes("a"))).isPresent();
        record("a", () -> {
            assertThat(largest.value()).isEqualTo(3);
            largest.clear();
            assertThat(largest.value()).isNull();
        });
    }

    @Test
    void shouldRefuseUseOutsideOfARecord() {
        // Given
        MapState<String, Long> map = state.mapState("map", Serdes.String(), Serdes.Long());
        ListState<Long> list = state.listState("list", Serdes.Long());
        ReducingState<Long> sum = state.reducingState("sum", Serdes.Long(), Long::sum);
        List<Iterator<?>> kept = new ArrayList<>();
        record("a", () -> {
            map.put("x", 1L);
            kept.add(map.all().iterator());
            list.add(1L);
            kept.add(list.iterator());
        });

        // Then
        List<Runnable> uses = List.of(
                () -> map.get("x"),
                () -> map.put("x", 1L),
                () -> map.remove("x"),
                map::all,
                map::isEmpty,
                map::clear,
                () -> list.add(1L),
                list::size,
                list::last,
                () -> list.forEach(each -> {}),
                list::reversed,
                list::clear,
                sum::value,
                () -> sum.add(1L),
                sum::clear);
        assertThat(uses).allSatisfy(use -> assertThatThrownBy(use::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("used outside of process"));
        state.beginRecord(null);
        assertThat(uses).allSatisfy(use -> assertThatThrownBy(use::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this record has none"));
        state.dropRecord();
        record("a", () -> assertThat(kept).allSatisfy(iterator -> assertThatThrownBy(iterator::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("an iterator ends with its record")));
    }

    @Test
    void shouldRefuseNull() {
        // Given
        MapState<String, Long> map = state.mapState("map", Serdes.String(), Serdes.Long());
        ListState<Long> list = state.listState("list", Serdes.Long());
        ReducingState<Long> sum = state.reducingState("sum", Serdes.Long(), Long::sum);

        // Then
        record("a", () -> {
            assertThatThrownBy(() -> map.get(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("map");
            assertThatThrownBy(() -> list.add(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("list");
            assertThatThrownBy(() -> sum.add(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("sum");
            map.put("x", null);
            assertThat(map.contains("x")).isFalse();
        });
        assertThatThrownBy(() -> state.reducingState("other", Serdes.Long(), null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("other");
    }

    @Test
    void shouldSayWhichSerdeLosesWhat() {
        // Given: serdes that give null
        Serde<String> lossy =
                Serdes.serdeFrom((topic, text) -> text.isEmpty() ? null : bytes(text), (topic, bytes) -> null);
        MapState<String, String> keys = state.mapState("keys", lossy, Serdes.String());
        MapState<String, String> values = state.mapState("values", Serdes.String(), lossy);

        // Then: a key is the record's affair, and what is stored is not
        record("a", () -> assertThatThrownBy(() -> keys.put("", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a key of the state 'keys' cannot be written"));
        record("a", () -> {
            keys.put("k", "x");
            assertThatThrownBy(() -> keys.all().first())
                    .isInstanceOf(StateSerdeException.class)
                    .hasMessageContaining("a key of the state 'keys' cannot be read");
            values.put("k", "x");
        });
        commit();
        record("a", () -> assertThatThrownBy(() -> values.all().first())
                .isInstanceOf(StateSerdeException.class)
                .hasMessageContaining("a value of the state 'values' cannot be read"));
        record("a", () -> values.put("k", ""));
        assertThatThrownBy(state::freeze)
                .isInstanceOf(StateSerdeException.class)
                .hasMessageContaining("a value of the state 'values' cannot be written");
    }

    @Test
    void shouldRefuseAnotherKindOrAnotherSerdeOfKeys() {
        // Given
        state.mapState("state", OrderedSerdes.longs(), Serdes.String());
        List<StateDescriptor> stored = state.descriptors();

        // Then
        assertThatThrownBy(() -> new KeyedState(database, memory, stored).valueState("state", Serdes.String()))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("map by")
                .hasMessageContaining("value by");
        assertThatThrownBy(() -> new KeyedState(database, memory, stored)
                        .mapState("state", OrderedSerdes.ints(), Serdes.String()))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("with keys by ordered(long)")
                .hasMessageContaining("with keys by ordered(int)");
    }

    @Test
    void shouldTellTheRecordKeyOfEveryEntry() {
        // Given
        state.mapState("map", Serdes.String(), Serdes.String());
        StateDescriptor map = state.descriptors().get(0);
        StateDescriptor value = new StateDescriptor("v", "value", "s", 1);
        StateDescriptor unknown = new StateDescriptor("u", "of-a-later-version", "s", 1);
        byte[] entry = KeyLayout.entry(bytes("record"), bytes("rest"));

        // Then
        assertThat(map.recordKey(entry)).isEqualTo(bytes("record"));
        assertThat(map.restOf(entry)).contains(bytes("rest"));
        assertThat(unknown.recordKey(entry)).isEqualTo(bytes("record"));
        assertThat(value.recordKey(bytes("record"))).isEqualTo(bytes("record"));
        assertThat(value.restOf(bytes("record"))).isEmpty();
        assertThatThrownBy(() -> map.recordKey(bytes("xyz"))).isInstanceOf(DamagedDatabaseException.class);
        assertThatThrownBy(() -> map.recordKey(new byte[] {0, 0, 0, 9, 1}))
                .isInstanceOf(DamagedDatabaseException.class);
    }

    @Test
    void shouldNameRecordKeysOfLargeEntries() {
        // Given
        MapState<String, String> map = state.mapState("map", Serdes.String(), Serdes.String());
        record("a", () -> {
            map.put("1", "x".repeat(100));
            map.put("2", "x".repeat(300));
        });
        record("b", () -> map.put("3", "x".repeat(200)));

        // When
        commit();

        // Then
        assertThat(state.largestValues())
                .extracting(large -> new String(large.key(), StandardCharsets.UTF_8))
                .containsExactly("a", "b");
        assertThat(state.largestValues()).extracting(LargeValue::bytes).containsExactly(300, 200);
    }

    private void record(String key, Runnable uses) {
        state.beginRecord(bytes(key));
        try {
            uses.run();
            state.keepRecord();
        } finally {
            state.dropRecord();
        }
    }

    /** @return how many entries the checkpoint has */
    private int commit() {
        List<Change> changes = state.freeze();
        changes.sort(Change.BY_KEY);
        Path file = directory.resolve(++files + ".sst");
        SstFiles.write(file, "file-" + files, changes, resources);
        database.ingest(List.of(file));
        state.releaseFrozen();
        return changes.size();
    }

    private static <K, V> List<K> keys(MapState.Entries<K, V> entries) {
        List<K> keys = new ArrayList<>();
        entries.forEach(entry -> keys.add(entry.getKey()));
        return keys;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
