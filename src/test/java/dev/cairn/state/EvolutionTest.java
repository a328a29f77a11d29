package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.api.JsonSerde;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;
import dev.cairn.api.VersionedSerde;

/** State that a later release of a job declares with other types than the one that stored it. */
class EvolutionTest {

    private static final long PLENTY = 64L << 20;

    @TempDir
    Path directory;

    private RocksResources resources;
    private PartitionDatabase database;
    private int files;

    /** As the first release has it. */
    record Payment(long amount) {}

    /** The same class, as if it had been moved. */
    static final class Elsewhere {
        record Payment(long amount) {}

        private Elsewhere() {}
    }

    /** As the second release has it. */
    record Money(long amount, String currency) {}

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

    private static VersionedSerde<Payment> first() {
        return VersionedSerde.of("payment", 1, JsonSerde.of(Payment.class));
    }

    private static VersionedSerde<Money> second() {
        return VersionedSerde.of("payment", 2, JsonSerde.of(Money.class))
                .from(1, JsonSerde.of(Payment.class), payment -> new Money(payment.amount(), "EUR"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadARenamedClassByItsName(boolean holdsAll) {
        // Given: one state by a name of the author's, one by the name that the class had
        KeyedState before = open(holdsAll, List.of());
        ValueState<Payment> named =
                before.valueState("named", JsonSerde.of(Payment.class).named("payment"));
        ValueState<Payment> plain = before.valueState("plain", JsonSerde.of(Payment.class));
        record(before, "a", () -> {
            named.update(new Payment(1));
            plain.update(new Payment(2));
        });
        commit(before);

        // When
        KeyedState after = open(holdsAll, before.descriptors());
        ValueState<Elsewhere.Payment> namedAfter =
                after.valueState("named", JsonSerde.of(Elsewhere.Payment.class).named("payment"));
        ValueState<Elsewhere.Payment> plainAfter =
                after.valueState("plain", JsonSerde.of(Elsewhere.Payment.class).named(Payment.class.getName()));
        load(after, holdsAll);

        // Then
        record(after, "a", () -> {
            assertThat(namedAfter.value()).isEqualTo(new Elsewhere.Payment(1));
            assertThat(plainAfter.value()).isEqualTo(new Elsewhere.Payment(2));
        });
        assertThat(after.descriptors()).isEqualTo(before.descriptors());
        assertThat(after.descriptors()).extracting(StateDescriptor::serializer).startsWith("json(payment)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldMigrateValuesOfAllKindsWhileTheyAreRead(boolean holdsAll) {
        // Given: values of the first version
        KeyedState before = open(holdsAll, List.of());
        ValueState<Payment> value = before.valueState("value", first());
        MapState<String, Payment> map = before.mapState("map", Serdes.String(), first());
        ListState<Payment> list = before.listState("list", first());
        ReducingState<Payment> sum =
                before.reducingState("sum", first(), (a, b) -> new Payment(a.amount() + b.amount()));
        load(before, holdsAll);
        for (String key : List.of("a", "b")) {
            record(before, key, () -> {
                value.update(new Payment(1));
                map.put("x", new Payment(2));
                map.put("y", new Payment(3));
                list.add(new Payment(4));
                sum.add(new Payment(5));
            });
        }
        commit(before);
        List<byte[]> asWritten = stored(before.descriptors());

        // When: the second release reads and changes one key
        KeyedState after = open(holdsAll, before.descriptors());
        ValueState<Money> value2 = after.valueState("value", second());
        MapState<String, Money> map2 = after.mapState("map", Serdes.String(), second());
        ListState<Money> list2 = after.listState("list", second());
        ReducingState<Money> sum2 = after.reducingState(
                "sum", second(), (a, b) -> new Money(a.amount() + b.amount(), a.currency() + b.currency()));
        load(after, holdsAll);
        record(after, "a", () -> {
            assertThat(value2.value()).isEqualTo(new Money(1, "EUR"));
            value2.update(new Money(10, "CHF"));
            map2.put("x", new Money(20, "CHF"));
            list2.add(new Money(40, "CHF"));
            assertThat(sum2.add(new Money(50, "CHF"))).isEqualTo(new Money(55, "EURCHF"));
        });
        record(after, "b", () -> assertThat(list2).containsExactly(new Money(4, "EUR")));

        // Then: what was only read has not changed
        List<Change> changes = after.freeze();
        assertThat(changes).hasSize(4);
        ingest(changes);
        after.releaseFrozen();

        // Then: values of both versions stand side by side, and are shown
        record(after, "a", () -> {
            assertThat(map2.all())
                    .containsExactly(Map.entry("x", new Money(20, "CHF")), Map.entry("y", new Money(3, "EUR")));
            assertThat(list2.reversed()).containsExactly(new Money(40, "CHF"), new Money(4, "EUR"));
        });
        assertThat(stored(after.descriptors())).hasSize(11).containsAll(asWritten.subList(1, 2));
        assertThat(shown(after, "value")).containsExactly("{\"amount\":10,\"currency\":\"CHF\"}", "{\"amount\":1}");
        assertThat(shown(after, "map"))
                .containsExactly(
                        "{\"amount\":20,\"currency\":\"CHF\"}", "{\"amount\":3}", "{\"amount\":2}", "{\"amount\":3}");
        assertThat(after.descriptors()).allSatisfy(state -> {
            assertThat(state.serializer()).isEqualTo("versioned(payment)");
            assertThat(state.versions().keySet()).isEqualTo(Set.of(1, 2));
        });
    }

    @Test
    void shouldRefuseANewerVersion() {
        // Given: the second release has stored the state, and the job goes back to the first one
        KeyedState newer = open(false, List.of());
        newer.valueState("total", second());

        // When, Then
        assertThatThrownBy(() -> open(false, newer.descriptors()).valueState("total", first()))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessage(
                        "the state 'total' was stored by version 2 of versioned(payment), but the processor declares"
                                + " version 1, which is older: run a release of the job that declares version 2 or a newer one,"
                                + " or start from a checkpoint or savepoint that was taken before");
    }

    @Test
    void shouldRefuseAVersionThatIsNotRead() {
        // Given
        KeyedState before = open(false, List.of());
        before.valueState("total", first());
        KeyedState between = open(false, before.descriptors());
        between.valueState("total", second());

        // When, Then: values of version 1 may still be stored
        assertThatThrownBy(() -> open(false, between.descriptors())
                        .valueState(
                                "total",
                                VersionedSerde.of("payment", 3, Serdes.Long())
                                        .from(2, JsonSerde.of(Money.class), Money::amount)))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessage("the state 'total' may have values of version 1 of versioned(payment), but the processor"
                        + " declares version 3, which does not read them: declare how they are migrated, with"
                        + " from(<version>, <its serde>, <how to migrate>)");
    }

    @Test
    void shouldRefuseAnotherName() {
        // Given
        KeyedState before = open(false, List.of());
        before.valueState("total", first());

        // When, Then
        Stream.<Serde<?>>of(
                        VersionedSerde.of("order", 1, JsonSerde.of(Payment.class)),
                        JsonSerde.of(Payment.class),
                        JsonSerde.of(Payment.class).named("payment"))
                .forEach(other -> assertThatThrownBy(
                                () -> open(false, before.descriptors()).valueState("total", other))
                        .isInstanceOf(IncompatibleStateException.class)
                        .hasMessage("the state 'total' was stored as value by versioned(payment), but the processor"
                                + " declares value by " + other
                                + ": declare the former, or give the state another name"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadWhatWasStoredBeforeThereWereVersions(boolean holdsAll) {
        // Given: values without a version, one of which is as long as what stands in front of values that have one
        KeyedState before = open(holdsAll, List.of());
        MapState<String, Long> map = before.mapState("map", Serdes.String(), Serdes.Long());
        load(before, holdsAll);
        record(before, "a", () -> {
            map.put("x", 1L);
            map.put("y", -1L);
        });
        commit(before);
        VersionedSerde<Money> adopting = VersionedSerde.of("money", 1, JsonSerde.of(Money.class))
                .from(VersionedSerde.WITHOUT_VERSION, Serdes.Long(), amount -> new Money(amount, "EUR"));

        // When
        KeyedState after = open(holdsAll, before.descriptors());
        MapState<String, Money> map2 = after.mapState("map", Serdes.String(), adopting);
        load(after, holdsAll);
        record(after, "a", () -> {
            assertThat(map2.get("x")).isEqualTo(new Money(1, "EUR"));
            map2.put("x", new Money(2, "CHF"));
        });
        commit(after);

        // Then
        KeyedState again = open(holdsAll, after.descriptors());
        MapState<String, Money> map3 = again.mapState("map", Serdes.String(), adopting);
        load(again, holdsAll);
        record(again, "a", () -> assertThat(map3.all())
                .containsExactly(Map.entry("x", new Money(2, "CHF")), Map.entry("y", new Money(-1, "EUR"))));
        assertThat(shown(again, "map")).containsExactly("{\"amount\":2,\"currency\":\"CHF\"}", "-1");
        assertThatThrownBy(() -> open(false, before.descriptors())
                        .mapState("map", Serdes.String(), VersionedSerde.of("money", 1, JsonSerde.of(Money.class))))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining(
                        "Or read the values that are stored: from(0, <the former serde>, <how to migrate>)");
        assertThatThrownBy(() -> open(false, again.descriptors()).mapState("map", Serdes.String(), Serdes.Long()))
                .isInstanceOf(IncompatibleStateException.class);
    }

    @Test
    void shouldRefuseVersionsOfKeys() {
        // Given
        KeyedState state = open(false, List.of());

        // When, Then
        assertThatThrownBy(() -> state.mapState("map", first(), Serdes.String()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "the keys of the state 'map' are declared by versioned(payment), but keys cannot" + " migrate");
    }

    @Test
    void shouldSayWhoseFaultAFailedMigrationIs() {
        // Given
        KeyedState before = open(false, List.of());
        ValueState<Payment> value = before.valueState("total", first());
        record(before, "a", () -> value.update(new Payment(1)));
        commit(before);
        KeyedState failing = open(false, before.descriptors());
        ValueState<Long> failed = failing.valueState(
                "total",
                VersionedSerde.of("payment", 2, Serdes.Long()).from(1, JsonSerde.of(Payment.class), payment -> {
                    throw new IllegalStateException("no rate");
                }));
        KeyedState losing = open(false, before.descriptors());
        ValueState<Long> lost = losing.valueState(
                "total",
                VersionedSerde.of("payment", 2, Serdes.Long()).from(1, JsonSerde.of(Payment.class), payment -> null));

        // When, Then
        record(failing, "a", () -> assertThatThrownBy(failed::value)
                .isInstanceOf(StateSerdeException.class)
                .hasMessageContaining("a value of the state 'total' cannot be read by versioned(payment)"));
        record(losing, "a", () -> assertThatThrownBy(lost::value)
                .isInstanceOf(StateSerdeException.class)
                .hasMessageContaining("the deserializer returned null"));
    }

    private KeyedState open(boolean holdsAll, List<StateDescriptor> stored) {
        StateMemory memory = holdsAll ? StateMemory.holdingAll(PLENTY, PLENTY) : StateMemory.caching(PLENTY, PLENTY);
        return new KeyedState(database, memory, stored);
    }

    private static void load(KeyedState state, boolean holdsAll) {
        if (holdsAll) {
            state.load(() -> true);
            state.start();
        }
    }

    private static void record(KeyedState state, String key, Runnable uses) {
        state.beginRecord(key.getBytes(StandardCharsets.UTF_8));
        try {
            uses.run();
            state.keepRecord();
        } finally {
            state.dropRecord();
        }
    }

    private void commit(KeyedState state) {
        ingest(state.freeze());
        state.releaseFrozen();
    }

    private void ingest(List<Change> changes) {
        List<Change> sorted = new ArrayList<>(changes);
        sorted.sort(Change.BY_KEY);
        Path file = directory.resolve(++files + ".sst");
        SstFiles.write(file, "file-" + files, sorted, resources);
        database.ingest(List.of(file));
    }

    private List<byte[]> stored(List<StateDescriptor> states) {
        List<byte[]> values = new ArrayList<>();
        for (StateDescriptor state : states) {
            try (StateScan scan = database.scan(state)) {
                while (scan.next()) {
                    values.add(scan.value());
                }
            }
        }
        return values;
    }

    private List<String> shown(KeyedState state, String name) {
        StateDescriptor descriptor = state.descriptors().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        Decoder decoder = Decoder.ofValues(descriptor);
        return stored(List.of(descriptor)).stream()
                .map(value -> decoder.decode(value).toString())
                .toList();
    }
}
