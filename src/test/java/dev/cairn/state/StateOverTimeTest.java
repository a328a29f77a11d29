package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.OrderedSerdes;
import dev.cairn.api.ReducingState;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;
import dev.cairn.api.VersionedSerde;

/**
 * Random programs over state that expires and whose serde moves on, next to plain collections of Java, over a real RocksDB:
 * with checkpoints, roll backs, and restarts with another backend and a newer version.
 */
class StateOverTimeTest {

    private static final int STEPS = 15_000;
    private static final long PLENTY = 64L << 20;
    private static final String INPUT = "in";
    private static final Ttl VALUE = Ttl.after(Duration.ofSeconds(1));
    private static final Ttl BY_NUMBER =
            Ttl.after(Duration.ofMillis(800)).refreshedByReads().eventTime();
    private static final Ttl BY_TEXT = Ttl.after(Duration.ofMillis(3));
    private static final Ttl LIST = Ttl.after(Duration.ofMillis(600));
    private static final Ttl SUM = Ttl.after(Duration.ofMillis(700)).eventTime();
    private static final List<byte[]> RECORD_KEYS = List.of(
            new byte[0], new byte[] {0}, new byte[] {-1}, bytes("a"), bytes("ab"), bytes("b"), bytes("a-long-key"));

    @TempDir
    Path directory;

    private RocksResources resources;
    private PartitionDatabase database;
    private int files;
    private long clock = 1_000_000;

    /** A value, and when it expires. */
    private record Timed<T>(T value, long expires) {}

    /** What a record key has. */
    private static final class Model {
        private Timed<String> value;
        private NavigableMap<Long, Timed<String>> byNumber = new TreeMap<>();
        private NavigableMap<String, Timed<String>> byText = new TreeMap<>();
        private List<Timed<String>> list = new ArrayList<>();
        private Timed<Long> sum;
        private String forever;

        Model copy() {
            Model copy = new Model();
            copy.value = value;
            copy.byNumber = new TreeMap<>(byNumber);
            copy.byText = new TreeMap<>(byText);
            copy.list = new ArrayList<>(list);
            copy.sum = sum;
            copy.forever = forever;
            return copy;
        }

        void expire(long now, long watermark) {
            value = value != null && value.expires() <= now ? null : value;
            byNumber.values().removeIf(each -> each.expires() <= watermark);
            byText.values().removeIf(each -> each.expires() <= now);
            list.removeIf(each -> each.expires() <= now);
            sum = sum != null && sum.expires() <= watermark ? null : sum;
        }

        /** The value of a key that is read, which may live longer for that. */
        String read(long number, long watermark) {
            Timed<String> held = byNumber.get(number);
            if (held == null) {
                return null;
            }
            long duration = BY_NUMBER.duration().toMillis();
            if (watermark + duration - held.expires() >= duration / 16) {
                byNumber.put(number, new Timed<>(held.value(), watermark + duration));
            }
            return held.value();
        }
    }

    /** What a processor declares. */
    private record Declared(
            KeyedState state,
            PartitionTime time,
            ValueState<String> value,
            MapState<Long, String> byNumber,
            MapState<String, String> byText,
            ListState<String> list,
            ReducingState<Long> sum,
            ValueState<String> forever) {}

    private Declared open(StateMemory memory, List<StateDescriptor> stored, EventTime mark, int version) {
        PartitionTime time = new PartitionTime(Duration.ZERO, Duration.ZERO, () -> clock);
        time.start(List.of(INPUT), mark);
        time.saw(INPUT, 1);
        KeyedState state = new KeyedState(database, memory, stored, time);
        ExpiringStates expiring = state.expiring();
        Declared declared = new Declared(
                state,
                time,
                expiring.valueState("value", versioned(version), VALUE),
                expiring.mapState("by-number", OrderedSerdes.longs(), Serdes.String(), BY_NUMBER),
                expiring.mapState("by-text", OrderedSerdes.text(), versioned(version), BY_TEXT),
                expiring.listState("list", versioned(version), LIST),
                expiring.reducingState("sum", Serdes.Long(), Long::sum, SUM),
                state.valueState("forever", versioned(version)));
        if (memory.holdsAll()) {
            state.load(() -> true);
            state.start();
        }
        return declared;
    }

    private static VersionedSerde<String> versioned(int version) {
        VersionedSerde<String> serde = VersionedSerde.of("text", version, ofVersion(version));
        for (int older = 1; older < version; older++) {
            serde = serde.from(older, ofVersion(older), text -> text);
        }
        return serde;
    }

    /** Reads what it wrote itself, and nothing else. */
    private static Serde<String> ofVersion(int version) {
        String begin = version + "|";
        return Serdes.serdeFrom((topic, text) -> bytes(begin + text), (topic, stored) -> {
            String text = new String(stored, StandardCharsets.UTF_8);
            if (!text.startsWith(begin)) {
                throw new SerializationException(text + " is not of version " + version);
            }
            return text.substring(begin.length());
        });
    }

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

    private static StateMemory memory(boolean holdsAll) {
        return holdsAll ? StateMemory.holdingAll(PLENTY, PLENTY) : StateMemory.caching(PLENTY, 4_000);
    }

    @ParameterizedTest
    @Tag("rule-C7")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldBehaveLikePlainCollections(long seed) {
        // Given
        Random random = new Random(seed);
        int version = 1;
        StateMemory memory = memory(random.nextBoolean());
        Declared declared = open(memory, List.of(), null, version);
        Map<Integer, Model> committed = new HashMap<>();
        Map<Integer, Model> frozen = null;
        Map<Integer, Model> current = new HashMap<>();
        List<Change> changes = null;
        List<StateDescriptor> states = List.of();
        List<StateDescriptor> frozenStates = null;
        EventTime mark = null;
        EventTime frozenMark = null;

        for (int step = 0; step < STEPS; step++) {
            int dice = random.nextInt(1_000);
            if (dice < 5 && changes == null) {
                // When: an epoch ends
                changes = declared.state().freeze();
                frozen = copy(current);
                frozenStates = declared.state().descriptors();
                frozenMark = declared.time().freeze();
            } else if (dice < 15 && changes != null) {
                // When: its checkpoint is committed
                ingest(changes);
                declared.state().releaseFrozen();
                committed = frozen;
                states = frozenStates;
                mark = frozenMark;
                changes = null;
            } else if (dice >= 15 && dice < 21) {
                // When: the loop rolls back, or the worker starts again with another backend and a later release
                if (dice < 18) {
                    declared.state().rollBack();
                    declared.time().saw(INPUT, 1);
                } else {
                    declared.state().close();
                    assertThat(memory.cached()).isZero();
                    memory = memory(random.nextBoolean());
                    version += random.nextInt(2);
                    declared = open(memory, states, mark, version);
                }
                current = copy(committed);
                changes = null;
                assertThat(memory.changes()).isZero();
                assertThat(memory.frozen()).isZero();
            } else if (dice < 120) {
                // When: time passes, by the clock and by the records
                clock += random.nextInt(random.nextInt(20) == 0 ? 2_000 : 40);
                declared.time().saw(INPUT, declared.time().watermark() + random.nextInt(60));
            } else if (dice < 200) {
                // When: what has expired is deleted
                declared.state().expiring().deleteExpired(1 + random.nextInt(6));
            } else {
                // When: a record is processed, and one in eight fails
                int key = random.nextInt(RECORD_KEYS.size());
                Model model = current.getOrDefault(key, new Model()).copy();
                long watermark = declared.time().watermark();
                model.expire(clock, watermark);
                declared.state().beginRecord(RECORD_KEYS.get(key));

                // Then: it sees what the collections have
                for (int uses = random.nextInt(6); uses >= 0; uses--) {
                    use(declared, model, watermark, random, "seed " + seed + ", step " + step + ", key " + key);
                }
                if (random.nextInt(8) == 0) {
                    declared.state().dropRecord();
                } else {
                    declared.state().keepRecord();
                    current.put(key, model);
                    requireEqualFromOutside(declared, key, model, "seed " + seed + ", step " + step + ", key " + key);
                }
            }
        }

        // When: all has expired
        declared.state().rollBack();
        clock += 10_000;
        declared.time().saw(INPUT, declared.time().watermark() + 10_000);
        while (declared.state().expiring().deleteExpired(100)) {
            assertThat(declared.state().hasChanges()).isTrue();
        }
        ingest(declared.state().freeze());
        declared.state().releaseFrozen();

        // Then: nothing of it is stored, and what does not expire is
        for (StateDescriptor state : declared.state().descriptors()) {
            if (!state.name().equals("forever")) {
                try (StateScan scan = database.scan(state)) {
                    assertThat(scan.next()).as(state.toString()).isFalse();
                }
            }
        }
        for (int key = 0; key < RECORD_KEYS.size(); key++) {
            declared.state().beginRecord(RECORD_KEYS.get(key));
            assertThat(declared.forever().value()).isEqualTo(committed.getOrDefault(key, new Model()).forever);
            declared.state().dropRecord();
        }
        declared.state().close();
        assertThat(memory.cached()).isZero();
        assertThat(memory.changes()).isZero();
        assertThat(memory.frozen()).isZero();
    }

    private void use(Declared declared, Model model, long watermark, Random random, String when) {
        long number = random.nextInt(40) - 20L;
        String text = "t" + Integer.toString(random.nextInt(30), 3);
        String value = "v" + "x".repeat(random.nextInt(20)) + random.nextInt();
        long byClock = clock + VALUE.duration().toMillis();
        long byWatermark = watermark + BY_NUMBER.duration().toMillis();
        switch (random.nextInt(20)) {
            case 0 -> {
                declared.value().update(value);
                model.value = new Timed<>(value, byClock);
            }
            case 1 -> {
                assertThat(declared.value().value()).as(when).isEqualTo(value(model.value));
                if (random.nextInt(3) == 0) {
                    declared.value().clear();
                    model.value = null;
                }
            }
            case 2, 3 -> {
                declared.byNumber().put(number, value);
                model.byNumber.put(number, new Timed<>(value, byWatermark));
            }
            case 4 -> {
                declared.byNumber().remove(number);
                model.byNumber.remove(number);
            }
            case 5, 6 -> assertThat(declared.byNumber().get(number)).as(when).isEqualTo(model.read(number, watermark));
            case 7, 8 -> {
                assertThat(declared.byText().getOr(text, "none"))
                        .as(when)
                        .isEqualTo(model.byText.containsKey(text) ? value(model.byText.get(text)) : "none");
                declared.byText().put(text, value);
                model.byText.put(
                        text, new Timed<>(value, clock + BY_TEXT.duration().toMillis()));
            }
            case 9 -> {
                long to = number + random.nextInt(20) - 2;
                List<Map.Entry<Long, String>> expected = new ArrayList<>();
                for (Long each : to < number
                        ? List.<Long>of()
                        : List.copyOf(model.byNumber
                                .subMap(number, true, to, false)
                                .descendingMap()
                                .keySet())) {
                    expected.add(Map.entry(each, model.read(each, watermark)));
                }
                assertThat(entries(declared.byNumber().range(number, to).reversed()))
                        .as(when)
                        .isEqualTo(expected);
            }
            case 10 -> {
                Map<String, Timed<String>> expected = model.byText.subMap(text, true, text + '\uffff', false);
                assertThat(entries(declared.byText().prefix(text))).as(when).isEqualTo(plain(expected));
                assertThat(declared.byText().prefix(text).first().isPresent())
                        .as(when)
                        .isEqualTo(!expected.isEmpty());
            }
            case 11 -> changeWhileIterating(declared.byNumber(), model, watermark);
            case 12 -> {
                if (random.nextInt(3) == 0) {
                    declared.byText().clear();
                    model.byText.clear();
                }
                assertThat(declared.byText().isEmpty()).as(when).isEqualTo(model.byText.isEmpty());
            }
            case 13, 14 -> {
                declared.list().add(value);
                model.list.add(new Timed<>(value, clock + LIST.duration().toMillis()));
            }
            case 15 -> {
                int most = random.nextInt(12);
                declared.list().keepLast(most);
                model.list =
                        new ArrayList<>(model.list.subList(Math.max(0, model.list.size() - most), model.list.size()));
            }
            case 16 -> {
                Long sum = model.sum == null ? number : model.sum.value() + number;
                assertThat(declared.sum().add(number)).as(when).isEqualTo(sum);
                model.sum = new Timed<>(sum, watermark + SUM.duration().toMillis());
            }
            case 17 -> {
                assertThat(declared.forever().value()).as(when).isEqualTo(model.forever);
                model.forever = random.nextInt(4) == 0 ? null : value;
                declared.forever().update(model.forever);
            }
            default -> requireEqual(declared, model, watermark, when);
        }
    }

    private static void changeWhileIterating(MapState<Long, String> state, Model model, long watermark) {
        long expires = watermark + BY_NUMBER.duration().toMillis();
        for (Iterator<Map.Entry<Long, String>> entries = state.all().iterator(); entries.hasNext(); ) {
            Map.Entry<Long, String> entry = entries.next();
            long number = entry.getKey();
            assertThat(entry.getValue()).isEqualTo(model.read(number, watermark));
            if (number % 3 == 0) {
                entries.remove();
                model.byNumber.remove(number);
            } else {
                state.put(number, "same");
                model.byNumber.put(number, new Timed<>("same", expires));
                state.put(number + 1, "ahead");
                model.byNumber.put(number + 1, new Timed<>("ahead", expires));
                state.remove(number + 2);
                model.byNumber.remove(number + 2);
                if (number > 40) {
                    break;
                }
            }
        }
    }

    private static void requireEqual(Declared declared, Model model, long watermark, String when) {
        assertThat(declared.value().value()).as(when).isEqualTo(value(model.value));
        List<Map.Entry<Long, String>> numbers = new ArrayList<>();
        List.copyOf(model.byNumber.keySet()).forEach(each -> numbers.add(Map.entry(each, model.read(each, watermark))));
        assertThat(entries(declared.byNumber().all())).as(when).isEqualTo(numbers);
        assertThat(entries(declared.byText().all())).as(when).isEqualTo(plain(model.byText));
        List<String> elements = model.list.stream().map(Timed::value).toList();
        assertThat(declared.list()).as(when).containsExactlyElementsOf(elements);
        assertThat(declared.list().size()).as(when).isEqualTo(elements.size());
        assertThat(declared.list().last())
                .as(when)
                .isEqualTo(elements.isEmpty() ? null : elements.get(elements.size() - 1));
        List<String> newestFirst = new ArrayList<>();
        elements.forEach(element -> newestFirst.add(0, element));
        assertThat(declared.list().reversed()).as(when).containsExactlyElementsOf(newestFirst);
        assertThat(declared.sum().value()).as(when).isEqualTo(value(model.sum));
    }

    /** What others are shown than the processor. */
    private void requireEqualFromOutside(Declared declared, int key, Model model, String when) {
        StateDescriptor state = declared.state().descriptors().stream()
                .filter(each -> each.name().equals("value"))
                .findFirst()
                .orElseThrow();
        assertThat(declared.state()
                        .current(state, RECORD_KEYS.get(key))
                        .filter(stored -> ReadTime.of(declared.time()).shows(state, stored))
                        .map(stored -> new String(StoredValue.of(state, stored).bytes(), StandardCharsets.UTF_8))
                        .map(text -> text.substring(text.indexOf('|') + 1))
                        .orElse(null))
                .as(when)
                .isEqualTo(value(model.value));
    }

    private static <T> T value(Timed<T> timed) {
        return timed == null ? null : timed.value();
    }

    private static <K, V> List<Map.Entry<K, V>> plain(Map<K, Timed<V>> map) {
        return map.entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue().value()))
                .toList();
    }

    private static <K, V> List<Map.Entry<K, V>> entries(MapState.Entries<K, V> entries) {
        List<Map.Entry<K, V>> list = new ArrayList<>();
        entries.forEach(list::add);
        return list;
    }

    private static Map<Integer, Model> copy(Map<Integer, Model> models) {
        Map<Integer, Model> copy = new HashMap<>();
        models.forEach((key, model) -> copy.put(key, model.copy()));
        return copy;
    }

    private void ingest(List<Change> changes) {
        files++;
        Path file = directory.resolve(files + ".sst");
        List<Change> sorted = new ArrayList<>(changes);
        sorted.sort(Change.BY_KEY);
        SstFiles.write(file, "file-" + files, sorted, resources);
        database.ingest(List.of(file));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
