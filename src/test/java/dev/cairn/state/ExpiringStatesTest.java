package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.JsonSerde;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.ReducingState;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;
import dev.cairn.api.VersionedSerde;

/** Values that expire. */
class ExpiringStatesTest {

    private static final long PLENTY = 64L << 20;
    private static final Ttl SECOND = Ttl.after(Duration.ofSeconds(1));

    @TempDir
    Path directory;

    private RocksResources resources;
    private PartitionDatabase database;
    private PartitionTime time;
    private KeyedState state;
    private long clock = 1_000_000;
    private int files;

    @BeforeEach
    void open() {
        resources = new RocksResources(8L << 20);
        database = PartitionDatabase.open(directory.resolve("db"), resources);
        state = open(List.of());
    }

    private KeyedState open(List<StateDescriptor> stored) {
        time = new PartitionTime(Duration.ZERO, Duration.ZERO, () -> clock);
        return new KeyedState(database, StateMemory.caching(PLENTY, PLENTY), stored, time);
    }

    @AfterEach
    void close() {
        state.close();
        database.close();
        resources.close();
    }

    @Test
    void shouldExpireAfterTheLastWrite() {
        // Given
        ValueState<String> value = state.expiring().valueState("value", Serdes.String(), SECOND);
        record("a", () -> value.update("1"));

        // When: it is read, and written again
        clock += 600;
        record("a", () -> assertThat(value.value()).isEqualTo("1"));
        record("a", () -> value.update("2"));
        clock += 999;
        record("a", () -> assertThat(value.value()).isEqualTo("2"));
        clock++;

        // Then
        record("a", () -> assertThat(value.valueOr("none")).isEqualTo("none"));
    }

    @Test
    void shouldLiveOnWhileItIsRead() {
        // Given
        ValueState<String> value = state.expiring().valueState("value", Serdes.String(), SECOND.refreshedByReads());
        record("a", () -> value.update("1"));
        commit();

        // When: it is read at once, which is not worth a write, and later
        clock += 60;
        record("a", value::value);
        assertThat(state.hasChanges()).isFalse();
        for (int i = 0; i < 5; i++) {
            clock += 900;
            record("a", () -> assertThat(value.value()).isEqualTo("1"));
        }
        assertThat(state.hasChanges()).isTrue();

        // Then
        clock += 1_000;
        record("a", () -> assertThat(value.value()).isNull());
    }

    @Test
    void shouldNotWriteForAFailedRecord() {
        // Given
        ValueState<String> value = state.expiring().valueState("value", Serdes.String(), SECOND);

        // When
        state.beginRecord(bytes("a"));
        value.update("1");
        state.dropRecord();

        // Then
        assertThat(commit()).isZero();
    }

    @Test
    void shouldWriteOneEntryMoreWhenAValueAppears() {
        // Given
        ValueState<String> value = state.expiring().valueState("value", Serdes.String(), SECOND);
        record("a", () -> value.update("1"));
        assertThat(commit()).isEqualTo(2);

        // When: it is written again, until it has outlived its time in the index
        int entries = 0;
        for (int i = 0; i < 20; i++) {
            clock += 100;
            record("a", () -> value.update("again"));
            delete();
            entries += commit();
        }

        // Then: it has moved in the index once in a second
        assertThat(entries).isBetween(20 + 2, 20 + 4);
    }

    @Test
    void shouldDeleteABoundedNumberAtATime() {
        // Given
        MapState<Integer, String> map = state.expiring().mapState("map", Serdes.Integer(), Serdes.String(), SECOND);
        record("a", () -> {
            for (int i = 0; i < 100; i++) {
                map.put(i, "x");
            }
        });
        commit();
        clock += 2_000;

        // When, Then
        assertThat(state.expiring().deleteExpired(30)).isTrue();
        assertThat(commit()).isEqualTo(60);
        assertThat(state.expiring().deleteExpired(1_000)).isFalse();
        assertThat(commit()).isEqualTo(140);
        assertThat(stored()).isZero();
    }

    @Test
    void shouldDateWhatWasWrittenBeforeThereWasAWatermark() {
        // Given: values without a time
        ValueState<String> value = state.expiring().valueState("value", Serdes.String(), SECOND.eventTime());
        ListState<String> list = state.expiring().listState("list", Serdes.String(), SECOND.eventTime());
        record("a", () -> {
            value.update("1");
            for (int i = 0; i < 200; i++) {
                list.add("x");
            }
        });
        assertThat(state.expiring().deleteExpired(1_000)).isFalse();
        commit();

        // When: there is a watermark
        time.saw("in", 5_000);
        delete();

        // Then: they live for their time from here on
        time.saw("in", 5_999);
        record("a", () -> {
            assertThat(value.value()).isEqualTo("1");
            assertThat(list.size()).isEqualTo(200);
        });
        time.saw("in", 6_000);
        record("a", () -> {
            assertThat(value.value()).isNull();
            assertThat(list.size()).isZero();
        });
        time.saw("in", 7_000);
        delete();
        commit();
        assertThat(stored()).isZero();
    }

    @Test
    void shouldDeleteInTimeAfterTheTtlWasShortened() {
        // Given: a value and an entry that the index finds in a year
        Ttl year = Ttl.after(Duration.ofDays(365));
        ValueState<String> valueBefore = state.expiring().valueState("value", Serdes.String(), year);
        MapState<String, String> mapBefore = state.expiring().mapState("map", Serdes.String(), Serdes.String(), year);
        record("a", () -> {
            valueBefore.update("1");
            mapBefore.put("k", "1");
        });
        commit();
        KeyedState former = state;
        state = open(former.descriptors());
        former.close();
        ValueState<String> value = state.expiring().valueState("value", Serdes.String(), SECOND);
        MapState<String, String> map = state.expiring().mapState("map", Serdes.String(), Serdes.String(), SECOND);

        // When: they are written under a shorter one
        record("a", () -> {
            value.update("2");
            map.put("k", "2");
        });
        clock += 2_000;
        delete();
        commit();

        // Then: only the entries of the index for the former time are left
        assertThat(stored()).isEqualTo(2);
        clock += Duration.ofDays(400).toMillis();
        delete();
        commit();
        assertThat(stored()).isZero();
    }

    @Test
    void shouldKeepTheOrderOfAListWhoseFirstElementsAreDatedLater() {
        // Given: one element from before there was a watermark, and one from after
        ListState<String> list = state.expiring().listState("list", Serdes.String(), SECOND.eventTime());
        record("a", () -> list.add("undated"));
        time.saw("in", 100);
        record("a", () -> list.add("dated"));

        // When: the first one gets its date later
        time.saw("in", 500);
        delete();

        // Then: it does not outlive the other
        time.saw("in", 1_099);
        record("a", () -> assertThat(list).containsExactly("undated", "dated"));
        time.saw("in", 1_100);
        record("a", () -> {
            assertThat(list.size()).isZero();
            assertThat(list.last()).isNull();
            assertThat(list).isEmpty();
        });
    }

    @Test
    void shouldKeepTheOrderOfAList() {
        // Given: a release with a long TTL, and one with a short one
        ListState<String> before =
                state.expiring().listState("list", Serdes.String(), Ttl.after(Duration.ofSeconds(10)));
        record("a", () -> before.add("long"));
        commit();
        KeyedState after = open(state.descriptors());
        ListState<String> list = after.expiring().listState("list", Serdes.String(), SECOND);
        after.beginRecord(bytes("a"));
        list.add("short");
        after.keepRecord();

        // When, Then: the later element does not expire before the earlier one
        clock += 9_999;
        after.beginRecord(bytes("a"));
        assertThat(list).containsExactly("long", "short");
        after.dropRecord();
        clock++;
        after.beginRecord(bytes("a"));
        assertThat(list.isEmpty()).isTrue();
        assertThat(list.last()).isNull();
        after.dropRecord();
        after.close();
    }

    @Test
    void shouldReduceAfresh() {
        // Given
        ReducingState<Long> sum = state.expiring().reducingState("sum", Serdes.Long(), Long::sum, SECOND);
        record("a", () -> assertThat(sum.add(1L)).isEqualTo(1));
        record("a", () -> assertThat(sum.add(2L)).isEqualTo(3));

        // When
        clock += 1_000;

        // Then
        record("a", () -> assertThat(sum.add(4L)).isEqualTo(4));
    }

    @Test
    void shouldRefuseToGiveStoredValuesATime() {
        // Given
        state.valueState("without", Serdes.Long());
        state.expiring().valueState("with", Serdes.Long(), SECOND);
        List<StateDescriptor> stored = state.descriptors();

        // Then
        assertThatThrownBy(() -> open(stored).expiring().valueState("without", Serdes.Long(), SECOND))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessage("the state 'without' was stored as value by " + LongSerializer.class.getName()
                        + ", but the processor declares value by ttl(processing-time, " + LongSerializer.class.getName()
                        + "): a state keeps whether its values have a TTL, and in which time. Declare the former, or give"
                        + " the state another name");
        assertThatThrownBy(() -> open(stored).valueState("with", Serdes.Long()))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("a state keeps whether its values have a TTL");
        assertThatThrownBy(() -> open(stored).expiring().valueState("with", Serdes.Long(), SECOND.eventTime()))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("a state keeps whether its values have a TTL");
    }

    @Test
    void shouldMigrateValuesThatExpire() {
        // Given
        ValueState<Long> before =
                state.expiring().valueState("value", VersionedSerde.of("amount", 1, Serdes.Long()), SECOND);
        record("a", () -> before.update(7L));
        commit();

        // When
        KeyedState after = open(state.descriptors());
        ValueState<String> value = after.expiring()
                .valueState(
                        "value",
                        VersionedSerde.of("amount", 2, JsonSerde.of(String.class))
                                .from(1, Serdes.Long(), amount -> amount + " EUR"),
                        SECOND);

        // Then
        after.beginRecord(bytes("a"));
        assertThat(value.value()).isEqualTo("7 EUR");
        after.dropRecord();
        StateDescriptor descriptor = after.descriptors().get(0);
        byte[] stored = database.value(descriptor, bytes("a")).orElseThrow();
        assertThat(descriptor.versions()).containsOnlyKeys(1, 2);
        assertThat(Decoder.ofValues(descriptor).decode(stored)).hasToString("7");
        assertThat(new ReadTime(clock + 999, 0).shows(descriptor, stored)).isTrue();
        assertThat(new ReadTime(clock + 1_000, 0).shows(descriptor, stored)).isFalse();
        after.close();
    }

    @Test
    void shouldRefuseWhatATtlCannotBe() {
        // Then
        assertThatThrownBy(() -> Ttl.after(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ttl.after(Duration.ofDays(40_000))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> state.expiring().listState("list", Serdes.String(), SECOND.refreshedByReads()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'list' cannot be refreshed by reads");
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

    private void delete() {
        while (state.expiring().deleteExpired(100)) {
            // Until nothing is due.
        }
    }

    /** @return how many entries the checkpoint has */
    private int commit() {
        List<Change> changes = new ArrayList<>(state.freeze());
        changes.sort(Change.BY_KEY);
        Path file = directory.resolve(++files + ".sst");
        SstFiles.write(file, "file-" + files, changes, resources);
        database.ingest(List.of(file));
        state.releaseFrozen();
        return changes.size();
    }

    private int stored() {
        int entries = 0;
        for (StateDescriptor descriptor : state.descriptors()) {
            try (StateScan scan = database.scan(descriptor)) {
                while (scan.next()) {
                    entries++;
                }
            }
        }
        return entries;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
