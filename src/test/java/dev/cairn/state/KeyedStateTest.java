package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.api.JsonSerde;
import dev.cairn.api.ValueState;

/** The state table over a real RocksDB. */
class KeyedStateTest {

    private static final long PLENTY = 64L << 20;
    private static final int KEYS = 300;

    @TempDir
    Path directory;

    private RocksResources resources;
    private PartitionDatabase database;
    private int files;

    @BeforeEach
    void open() {
        resources = new RocksResources(8L << 20);
        database = PartitionDatabase.open(directory.resolve("db"), resources);
    }

    @AfterEach
    void close() {
        database.close();
        resources.close();
    }

    /** Random operations next to a model: what is committed, frozen, and changed, as three plain maps. */
    @ParameterizedTest
    @Tag("rule-C7")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldReadWhatAPlainMapReads(long seed) {
        // Given: so little memory that clean entries are evicted all the time
        Random random = new Random(seed);
        StateMemory memory = StateMemory.caching(20_000, 8_000);
        KeyedState state = new KeyedState(database, memory, List.of());
        ValueState<String> first = state.valueState("first", Serdes.String());
        ValueState<Long> second = state.valueState("second", Serdes.Long());
        Map<String, String> committed = new HashMap<>();
        Map<String, String> frozen = null;
        Map<String, String> current = new HashMap<>();
        List<Change> changes = null;
        boolean evicted = false;

        for (int step = 0; step < 20_000; step++) {
            int dice = random.nextInt(1_000);
            if (dice < 10 && changes == null) {
                // When: an epoch ends
                changes = state.freeze();
                frozen = new HashMap<>(current);
            } else if (dice < 20 && changes != null) {
                // When: its checkpoint is committed
                ingest(changes);
                state.releaseFrozen();
                committed = frozen;
                changes = null;
                frozen = null;
            } else if (dice < 24) {
                // When: the loop rolls back
                state.rollBack();
                current = new HashMap<>(committed);
                changes = null;
                frozen = null;
                assertThat(memory.changes()).isZero();
                assertThat(memory.frozen()).isZero();
            } else {
                // When: a record is processed, and one in eight fails
                String key = "k" + random.nextInt(KEYS);
                String firstKey = "first/" + key;
                String secondKey = "second/" + key;
                // Then: a caller between records gets what there is, and what is committed
                StateDescriptor descriptor = state.descriptors().get(0);
                assertThat(state.current(descriptor, bytes(key)).map(KeyedStateTest::text))
                        .as("seed %d, step %d, %s", seed, step, key)
                        .isEqualTo(Optional.ofNullable(current.get(firstKey)));
                assertThat(database.value(descriptor, bytes(key)).map(KeyedStateTest::text))
                        .isEqualTo(Optional.ofNullable(committed.get(firstKey)));
                state.beginRecord(bytes(key));

                // Then: it sees what the map has
                assertThat(first.value())
                        .as("seed %d, step %d, %s", seed, step, key)
                        .isEqualTo(current.get(firstKey));
                String expected = current.get(secondKey);
                assertThat(second.value()).isEqualTo(expected == null ? null : Long.valueOf(expected));

                String value = random.nextInt(4) == 0 ? null : "v" + "x".repeat(random.nextInt(40)) + step;
                boolean withSecond = random.nextBoolean();
                first.update("overwritten");
                first.update(value);
                assertThat(first.value()).isEqualTo(value);
                if (withSecond) {
                    second.update((long) step);
                }
                if (random.nextInt(8) == 0) {
                    state.dropRecord();
                } else {
                    state.keepRecord();
                    put(current, firstKey, value);
                    if (withSecond) {
                        put(current, secondKey, Integer.toString(step));
                    }
                }
            }
            evicted |= state.entriesOnHeap() < KEYS;
        }

        // Then: what is in the database is what was committed, and memory was kept in bounds
        state.rollBack();
        assertThat(all(state, first, second)).isEqualTo(committed);
        assertThat(evicted).isTrue();
        assertThat(memory.cached()).isLessThan(3 * 8_000);
        state.close();
        assertThat(memory.cached()).isZero();
        assertThat(memory.changes()).isZero();
        assertThat(memory.frozen()).isZero();
    }

    /** As above, with everything in the table: also when it is loaded again now and then. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldReadWhatAPlainMapReadsWithAllOfTheStateOnTheHeap(long seed) {
        // Given
        Random random = new Random(seed);
        StateMemory memory = StateMemory.holdingAll(20_000, PLENTY);
        KeyedState state = new KeyedState(database, memory, List.of());
        ValueState<String> value = load(state);
        Map<String, String> committed = new HashMap<>();
        Map<String, String> frozen = null;
        Map<String, String> current = new HashMap<>();
        List<Change> changes = null;

        for (int step = 0; step < 20_000; step++) {
            int dice = random.nextInt(1_000);
            if (dice < 10 && changes == null) {
                // When: an epoch ends
                changes = state.freeze();
                frozen = new HashMap<>(current);
            } else if (dice < 20 && changes != null) {
                // When: its checkpoint is committed
                ingest(changes);
                state.releaseFrozen();
                committed = frozen;
                changes = null;
            } else if (dice < 26) {
                // When: the loop rolls back, or the partition starts again
                if (dice < 24) {
                    state.rollBack();
                } else {
                    state.close();
                    assertThat(memory.cached()).isZero();
                    state = new KeyedState(database, memory, state.descriptors());
                    value = load(state);
                }
                current = new HashMap<>(committed);
                changes = null;
                assertThat(memory.changes()).isZero();
                assertThat(memory.frozen()).isZero();
                assertThat(state.entriesOnHeap())
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(committed.size());
            } else {
                // When: a record is processed, and one in eight fails
                String key = "k" + random.nextInt(KEYS);
                state.beginRecord(bytes(key));

                // Then: it sees what the map has
                assertThat(value.value())
                        .as("seed %d, step %d, %s", seed, step, key)
                        .isEqualTo(current.get(key));
                String text = random.nextInt(4) == 0 ? null : "v" + "x".repeat(random.nextInt(40)) + step;
                value.update(text);
                if (random.nextInt(8) == 0) {
                    state.dropRecord();
                } else {
                    state.keepRecord();
                    put(current, key, text);
                }
            }
        }

        // Then
        state.close();
        assertThat(memory.cached()).isZero();
        assertThat(memory.changes()).isZero();
        assertThat(memory.frozen()).isZero();
    }

    @Test
    void shouldNotAskRocksWhereAllOfTheStateIsOnTheHeap() {
        // Given
        KeyedState before = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        ValueState<String> value = before.valueState("value", Serdes.String());
        update(before, value, "a", "1");
        update(before, value, "removed", "2");
        ingest(before.freeze());
        before.releaseFrozen();
        KeyedState state = new KeyedState(database, StateMemory.holdingAll(PLENTY, PLENTY), before.descriptors());
        ValueState<String> all = load(state);
        update(state, all, "removed", null);
        ingest(state.freeze());
        state.releaseFrozen();

        // When: something gets into the database that could only be seen by looking there
        update(before, value, "a", "behind its back");
        update(before, value, "b", "behind its back");
        update(before, value, "removed", "behind its back");
        ingest(before.freeze());

        // Then
        assertThat(read(state, all, "a")).isEqualTo("1");
        assertThat(read(state, all, "b")).isNull();
        assertThat(read(state, all, "removed")).isNull();
        assertThat(state.entriesOnHeap()).isEqualTo(1);
    }

    @Test
    @Tag("rule-C7")
    void shouldGoBackToWhatIsCommittedWhereAllOfTheStateIsOnTheHeap() {
        // Given
        KeyedState state = new KeyedState(database, StateMemory.holdingAll(PLENTY, PLENTY), List.of());
        ValueState<String> value = load(state);
        update(state, value, "a", "1");
        update(state, value, "b", "2");
        ingest(state.freeze());
        state.releaseFrozen();
        update(state, value, "a", "frozen");
        update(state, value, "b", null);
        state.freeze();
        update(state, value, "a", "changed");
        update(state, value, "c", "new");

        // When
        state.rollBack();

        // Then
        assertThat(read(state, value, "a")).isEqualTo("1");
        assertThat(read(state, value, "b")).isEqualTo("2");
        assertThat(read(state, value, "c")).isNull();
        assertThat(state.entriesOnHeap()).isEqualTo(2);
        assertThat(state.hasChanges()).isFalse();
    }

    @Test
    void shouldRefuseStateThatDoesNotFitOnTheHeap() {
        // Given
        StateMemory memory = StateMemory.holdingAll(PLENTY, 3L << 20);
        KeyedState state = new KeyedState(database, memory, List.of());
        ValueState<String> value = load(state);
        update(state, value, "small", "v");
        memory.requireRoom();

        // When
        for (int i = 0; i < 300; i++) {
            update(state, value, "k" + i, "v".repeat(10_000));
        }
        ingest(state.freeze());
        state.releaseFrozen();

        // Then: neither by growing
        assertThatThrownBy(memory::requireRoom)
                .isInstanceOf(StateTooLargeException.class)
                .hasMessageContaining("3 MiB");
        state.close();
        memory.requireRoom();

        // Then: nor by loading, after which the memory is free again
        KeyedState after = new KeyedState(database, memory, state.descriptors());
        after.valueState("value", Serdes.String());
        assertThatThrownBy(() -> after.load(() -> true)).isInstanceOf(StateTooLargeException.class);
        assertThatThrownBy(memory::requireRoom).isInstanceOf(StateTooLargeException.class);
        after.close();
        memory.requireRoom();
        assertThat(memory.cached()).isZero();
    }

    @Test
    void shouldEndLoadingThatIsNotWantedAnyMore() {
        // Given
        StateMemory memory = StateMemory.holdingAll(PLENTY, PLENTY);
        KeyedState before = new KeyedState(database, memory, List.of());
        ValueState<String> value = load(before);
        for (int i = 0; i < 300; i++) {
            update(before, value, "k" + i, "v".repeat(10_000));
        }
        ingest(before.freeze());
        before.close();
        KeyedState state = new KeyedState(database, memory, before.descriptors());
        state.valueState("value", Serdes.String());

        // When
        state.load(() -> false);

        // Then
        assertThat(state.entriesOnHeap()).isPositive().isLessThan(300);
        assertThatThrownBy(state::start).isInstanceOf(IllegalStateException.class);
        state.close();
        assertThat(memory.cached()).isZero();
    }

    @Test
    void shouldFindWhatWasCommittedAfterOpeningAgain() {
        // Given
        KeyedState before = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        ValueState<String> value = before.valueState("value", Serdes.String());
        update(before, value, "a", "1");
        update(before, value, "b", "2");
        ingest(before.freeze());
        before.releaseFrozen();
        update(before, value, "b", null);
        update(before, value, "c", "3");
        ingest(before.freeze());
        before.releaseFrozen();
        update(before, value, "a", "never committed");

        // When
        before.close();
        database.close();
        database = PartitionDatabase.open(directory.resolve("db"), resources);
        KeyedState after = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), before.descriptors());
        ValueState<String> again = after.valueState("value", Serdes.String());

        // Then
        assertThat(read(after, again, "a")).isEqualTo("1");
        assertThat(read(after, again, "b")).isNull();
        assertThat(read(after, again, "c")).isEqualTo("3");
        assertThat(database.identity()).contains("file-2");
    }

    @Test
    void shouldKeepStatesApart() {
        // Given
        KeyedState state = new KeyedState(database, StateMemory.caching(PLENTY, 0), List.of());
        ValueState<String> one = state.valueState("one", Serdes.String());
        ValueState<String> other = state.valueState("other", Serdes.String());

        // When
        update(state, one, "a", "1");
        update(state, other, "a", "2");
        ingest(state.freeze());
        state.releaseFrozen();

        // Then
        assertThat(read(state, one, "a")).isEqualTo("1");
        assertThat(read(state, other, "a")).isEqualTo("2");
    }

    @Test
    void shouldKeepIdsOfStatesThatAreStored() {
        // Given
        KeyedState before = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        before.valueState("one", Serdes.String());
        before.valueState("other", Serdes.String());

        // When: declared in another order, with one more
        KeyedState after = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), before.descriptors());
        after.valueState("new", Serdes.String());
        after.valueState("other", Serdes.String());

        // Then
        assertThat(after.descriptors())
                .extracting(StateDescriptor::name, StateDescriptor::id)
                .containsExactly(tuple("one", 1), tuple("other", 2), tuple("new", 3));
    }

    @Test
    void shouldNameTheStateWhoseValueCannotBeWritten() {
        // Given
        KeyedState state = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        ValueState<String> value = state.valueState(
                "total",
                Serdes.serdeFrom(
                        (topic, text) -> {
                            throw new IllegalStateException("too deep");
                        },
                        new StringDeserializer()));

        // When, Then
        assertThatThrownBy(() -> {
                    update(state, value, "a", "secret");
                    state.freeze();
                })
                .isInstanceOf(StateSerdeException.class)
                .hasMessageContaining("'total'")
                .hasMessageContaining("too deep")
                .hasMessageNotContaining("secret");
    }

    @Test
    void shouldNameASerdeByItselfOrByItsSerializer() {
        // Given
        KeyedState state = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), List.of());

        // When
        state.valueState("json", JsonSerde.of(Duration.class));
        state.valueState("plain", Serdes.Long());

        // Then
        assertThat(state.descriptors())
                .extracting(StateDescriptor::serializer)
                .containsExactly("json(java.time.Duration)", LongSerializer.class.getName());
    }

    @Test
    void shouldRefuseAnotherSerializer() {
        // Given
        KeyedState before = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        before.valueState("value", Serdes.String());
        KeyedState after = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), before.descriptors());

        // When, Then
        assertThatThrownBy(() -> after.valueState("value", Serdes.Long()))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("'value'")
                .hasMessageContaining("LongSerializer");
    }

    @Test
    void shouldRefuseStateWithoutAKey() {
        // Given
        KeyedState state = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        ValueState<String> value = state.valueState("value", Serdes.String());
        state.beginRecord(null);

        // When, Then
        assertThatThrownBy(value::value)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the state 'value' belongs to the record's key, and this record has none");
        assertThatThrownBy(() -> value.update("1")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefuseStateOutsideOfARecord() {
        // Given
        KeyedState state = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        ValueState<String> value = state.valueState("value", Serdes.String());

        // When, Then
        assertThatThrownBy(() -> value.update("in declare"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the state 'value' was used outside of process");
        state.beginRecord(bytes("a"));
        value.update("1");
        state.keepRecord();
        assertThatThrownBy(value::value).hasMessageContaining("outside of process");
        state.beginRecord(bytes("a"));
        state.rollBack();
        assertThatThrownBy(() -> value.update("after a roll back")).hasMessageContaining("outside of process");
        assertThat(state.scope().misuse()).isEmpty();
    }

    @Test
    void shouldRefuseAndRememberStateFromAnotherThread() throws InterruptedException {
        // Given
        KeyedState state = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        ValueState<String> value = state.valueState("value", Serdes.String());
        state.beginRecord(bytes("a"));

        // When
        List<Throwable> refused = new ArrayList<>();
        Thread thread = new Thread(
                () -> {
                    refused.add(catchThrowable(value::value));
                    refused.add(catchThrowable(() -> value.update("2")));
                },
                "other");
        thread.start();
        thread.join();
        state.keepRecord();

        // Then
        assertThat(refused).hasSize(2).allSatisfy(each -> assertThat(each)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the state 'value' was used by the thread 'other'"));
        assertThat(state.scope().misuse())
                .hasValueSatisfying(misuse -> assertThat(misuse).contains("'other'"));
        assertThat(state.hasChanges()).isFalse();
    }

    @Test
    void shouldRefuseSerializerThatMakesNothingOfAValue() {
        // Given
        KeyedState state = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        ValueState<String> value =
                state.valueState("value", Serdes.serdeFrom((topic, text) -> null, new StringDeserializer()));
        state.beginRecord(bytes("a"));
        value.update("1");

        // When, Then: instead of removing the key's value
        assertThatThrownBy(() -> {
                    state.keepRecord();
                    state.freeze();
                })
                .isInstanceOf(StateSerdeException.class)
                .hasMessageContaining("the state 'value'")
                .hasMessageContaining("returned null for a value that is not null");
    }

    @Test
    void shouldRefuseDeserializerThatMakesNothingOfWhatIsStored() {
        // Given
        KeyedState writer = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        ValueState<String> written =
                writer.valueState("value", Serdes.serdeFrom(new StringSerializer(), new StringDeserializer()));
        writer.beginRecord(bytes("a"));
        written.update("1");
        writer.keepRecord();
        ingest(writer.freeze());
        KeyedState reader = new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), writer.descriptors());
        ValueState<String> value =
                reader.valueState("value", Serdes.serdeFrom(new StringSerializer(), (topic, stored) -> null));

        // When, Then: instead of beginning anew
        reader.beginRecord(bytes("a"));
        assertThatThrownBy(value::value)
                .isInstanceOf(StateSerdeException.class)
                .hasMessageContaining("the state 'value'")
                .hasMessageContaining("returned null for a value that was stored");
    }

    @Test
    void shouldAskForACheckpointWhenChangesReachTheirLimit() {
        // Given
        StateMemory memory = StateMemory.caching(2_000, PLENTY);
        KeyedState state = new KeyedState(database, memory, List.of());
        ValueState<String> value = state.valueState("value", Serdes.String());

        // When
        for (int i = 0; i < 20; i++) {
            update(state, value, "k" + i, "v".repeat(100));
        }

        // Then
        assertThat(memory.changesAtLimit()).isTrue();
        state.freeze();
        assertThat(memory.changesAtLimit()).isFalse();
        assertThat(memory.frozen()).isPositive();
    }

    private Map<String, String> all(KeyedState state, ValueState<String> first, ValueState<Long> second) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < KEYS; i++) {
            String key = "k" + i;
            put(all, "first/" + key, read(state, first, key));
            Long value = read(state, second, key);
            put(all, "second/" + key, value == null ? null : value.toString());
        }
        return all;
    }

    private static ValueState<String> load(KeyedState state) {
        ValueState<String> value = state.valueState("value", Serdes.String());
        state.load(() -> true);
        state.start();
        return value;
    }

    private void ingest(List<Change> changes) {
        files++;
        Path file = directory.resolve(files + ".sst");
        List<Change> sorted = new ArrayList<>(changes);
        sorted.sort(Change.BY_KEY);
        SstFiles.write(file, "file-" + files, sorted, resources);
        database.ingest(List.of(file));
    }

    private static void update(KeyedState state, ValueState<String> value, String key, String text) {
        state.beginRecord(bytes(key));
        value.update(text);
        state.keepRecord();
    }

    private static <T> T read(KeyedState state, ValueState<T> value, String key) {
        state.beginRecord(bytes(key));
        T found = value.value();
        state.dropRecord();
        return found;
    }

    private static void put(Map<String, String> map, String key, String value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
