package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.OrderedSerdes;
import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;

/** Random programs over all kinds of state, next to plain collections of Java, over a real RocksDB. */
class StateKindsTest {

    private static final int STEPS = 13_000;
    private static final long PLENTY = 64L << 20;

    /** Some begin with others, or sort as the bytes around them do. */
    private static final List<byte[]> RECORD_KEYS = List.of(
            new byte[0],
            new byte[] {0},
            new byte[] {0, 0},
            new byte[] {-1},
            new byte[] {-1, -1},
            bytes("a"),
            bytes("ab"),
            bytes("abc"),
            bytes("b"),
            bytes("a-longer-key-than-the-others"));

    @TempDir
    Path directory;

    private RocksResources resources;
    private PartitionDatabase database;
    private int files;

    /** What a record key has. */
    private static final class Model {
        private String value;
        private NavigableMap<Long, String> byNumber = new TreeMap<>();
        private NavigableMap<String, Long> byText = new TreeMap<>();
        private List<String> list = new ArrayList<>();
        private Long sum;

        Model copy() {
            Model copy = new Model();
            copy.value = value;
            copy.byNumber = new TreeMap<>(byNumber);
            copy.byText = new TreeMap<>(byText);
            copy.list = new ArrayList<>(list);
            copy.sum = sum;
            return copy;
        }
    }

    /** What a processor declares. */
    private record Declared(
            KeyedState state,
            ValueState<String> value,
            MapState<Long, String> byNumber,
            MapState<String, Long> byText,
            ListState<String> list,
            ReducingState<Long> sum) {

        static Declared over(PartitionDatabase database, StateMemory memory, List<StateDescriptor> stored) {
            KeyedState state = new KeyedState(database, memory, stored);
            Declared declared = new Declared(
                    state,
                    state.valueState("value", Serdes.String()),
                    state.mapState("by-number", OrderedSerdes.longs(), Serdes.String()),
                    state.mapState("by-text", OrderedSerdes.text(), Serdes.Long()),
                    state.listState("list", Serdes.String()),
                    state.reducingState("sum", Serdes.Long(), Long::sum));
            if (memory.holdsAll()) {
                state.load(() -> true);
                state.start();
            }
            return declared;
        }
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

    @ParameterizedTest
    @Tag("rule-C7")
    @CsvSource({
        "1, false",
        "2, false",
        "3, false",
        "4, false",
        "5, true",
        "6, true",
        "7, true",
        "8, true",
    })
    void shouldBehaveLikePlainCollections(long seed, boolean holdsAll) {
        // Given: a cache so small that clean entries are evicted all the time, or everything on the heap
        Random random = new Random(seed);
        StateMemory memory = memory(holdsAll);
        Declared declared = Declared.over(database, memory, List.of());
        Map<Integer, Model> committed = new HashMap<>();
        Map<Integer, Model> frozen = null;
        Map<Integer, Model> current = new HashMap<>();
        List<Change> changes = null;

        for (int step = 0; step < STEPS; step++) {
            int dice = random.nextInt(1_000);
            if (dice < 5 && changes == null) {
                // When: an epoch ends
                changes = declared.state().freeze();
                frozen = copy(current);
            } else if (dice < 15 && changes != null) {
                // When: its checkpoint is committed
                ingest(changes);
                declared.state().releaseFrozen();
                committed = frozen;
                changes = null;
            } else if (dice >= 15 && dice < 21) {
                // When: the loop rolls back, or the worker starts again
                if (dice < 18) {
                    declared.state().rollBack();
                } else {
                    declared.state().close();
                    assertThat(memory.cached()).isZero();
                    // Now and then with the other backend.
                    memory = memory(holdsAll ^ random.nextInt(4) == 0);
                    declared = Declared.over(database, memory, declared.state().descriptors());
                }
                current = copy(committed);
                changes = null;
                assertThat(memory.changes()).isZero();
                assertThat(memory.frozen()).isZero();
            } else {
                // When: a record is processed, and one in eight fails
                int key = random.nextInt(RECORD_KEYS.size());
                Model model = current.getOrDefault(key, new Model()).copy();
                declared.state().beginRecord(RECORD_KEYS.get(key));

                // Then: it sees what the collections have
                for (int uses = random.nextInt(6); uses >= 0; uses--) {
                    use(declared, model, random, "seed " + seed + ", step " + step + ", key " + key);
                }
                if (random.nextInt(8) == 0) {
                    declared.state().dropRecord();
                } else {
                    declared.state().keepRecord();
                    current.put(key, model);
                }

                // Then: so do those who ask from outside
                if (random.nextInt(4) == 0) {
                    String when = "seed " + seed + ", step " + step + ", key " + key;
                    requireAnswers(declared, current, committed, key, random, when);
                }
            }
        }

        // Then: what is in the database is what was committed, and no memory is held any more
        declared.state().close();
        assertThat(memory.cached()).isZero();
        assertThat(memory.changes()).isZero();
        assertThat(memory.frozen()).isZero();
        declared = Declared.over(database, memory, declared.state().descriptors());
        for (int key = 0; key < RECORD_KEYS.size(); key++) {
            declared.state().beginRecord(RECORD_KEYS.get(key));
            requireEqual(declared, committed.getOrDefault(key, new Model()), "in the end, key " + key);
            declared.state().dropRecord();
        }
    }

    private void requireAnswers(
            Declared declared,
            Map<Integer, Model> current,
            Map<Integer, Model> committed,
            int key,
            Random random,
            String when) {
        KeyedState state = declared.state();
        boolean live = random.nextBoolean();
        Model model = (live ? current : committed).getOrDefault(key, new Model());
        boolean reversed = random.nextBoolean();
        String from = random.nextBoolean() ? null : Long.toString(random.nextInt(40) - 20L);
        String prefix = random.nextBoolean() ? null : "t" + random.nextInt(3);
        int limit = 1 + random.nextInt(8);
        NavigableMap<Long, String> numbers = from == null
                ? model.byNumber
                : reversed
                        ? model.byNumber.headMap(Long.parseLong(from), true)
                        : model.byNumber.tailMap(Long.parseLong(from), true);
        NavigableMap<String, Long> texts =
                prefix == null ? model.byText : model.byText.subMap(prefix, true, prefix + "~", false);

        assertThat(answers(state, "by-number", key, live, new EntrySelection(null, null, from, reversed, limit)))
                .as(when)
                .isEqualTo(shown(numbers, reversed));
        assertThat(answers(state, "by-text", key, live, new EntrySelection(null, prefix, null, reversed, limit)))
                .as(when)
                .isEqualTo(shown(texts, reversed));
        List<String> elements = new ArrayList<>(model.list);
        if (reversed) {
            Collections.reverse(elements);
        }
        assertThat(answers(state, "list", key, live, new EntrySelection(null, null, null, reversed, limit)).stream()
                        .map(entry -> entry.substring(entry.indexOf('=') + 1)))
                .as(when)
                .isEqualTo(elements);
        String one = Integer.toString(random.nextInt(40) - 20);
        String value = model.byNumber.get(Long.parseLong(one));
        assertThat(answers(state, "by-number", key, live, new EntrySelection(one, null, null, false, limit)))
                .as(when)
                .isEqualTo(value == null ? List.of() : List.of(one + "=" + value));
    }

    private static List<String> shown(NavigableMap<?, ?> entries, boolean reversed) {
        return (reversed ? entries.descendingMap() : entries)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList();
    }

    /** All entries, page by page. */
    private List<String> answers(KeyedState state, String name, int key, boolean live, EntrySelection wanted) {
        StateDescriptor descriptor = state.descriptors().stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow();
        EntryRange range = wanted.in(descriptor, RECORD_KEYS.get(key));
        EntryPage page = live
                ? state.current(descriptor, range, wanted.limit())
                : database.entries(descriptor, range, wanted.limit());
        assertThat(page.entries()).hasSizeLessThanOrEqualTo(wanted.limit());
        List<String> shown = new ArrayList<>();
        page.entries()
                .forEach(entry ->
                        shown.add(Decoder.asText(Decoder.ofEntries(descriptor).decode(entry.key()))
                                + "="
                                + Decoder.asText(Decoder.ofValues(descriptor).decode(entry.value()))));
        if (page.next() != null) {
            String next = EntryText.of(descriptor).text(page.next());
            shown.addAll(answers(
                    state,
                    name,
                    key,
                    live,
                    new EntrySelection(null, wanted.prefix(), next, wanted.reversed(), wanted.limit())));
        }
        return shown;
    }

    private static StateMemory memory(boolean holdsAll) {
        return holdsAll ? StateMemory.holdingAll(PLENTY, PLENTY) : StateMemory.caching(PLENTY, 4_000);
    }

    private static void use(Declared declared, Model model, Random random, String when) {
        long number = random.nextInt(40) - 20L;
        String text = "t" + Integer.toString(random.nextInt(30), 3);
        String value = "v" + "x".repeat(random.nextInt(20)) + random.nextInt();
        switch (random.nextInt(20)) {
            case 0 -> {
                assertThat(declared.value().value()).as(when).isEqualTo(model.value);
                model.value = random.nextInt(4) == 0 ? null : value;
                declared.value().update(model.value);
            }
            case 1, 2, 3 -> {
                declared.byNumber().put(number, value);
                model.byNumber.put(number, value);
            }
            case 4, 5 -> {
                declared.byNumber().remove(number);
                model.byNumber.remove(number);
            }
            case 6 -> {
                assertThat(declared.byNumber().get(number)).as(when).isEqualTo(model.byNumber.get(number));
                assertThat(declared.byNumber().contains(number)).as(when).isEqualTo(model.byNumber.containsKey(number));
            }
            case 7 -> {
                assertThat(declared.byText().getOr(text, -1L)).as(when).isEqualTo(model.byText.getOrDefault(text, -1L));
                declared.byText().put(text, number);
                model.byText.put(text, number);
            }
            case 8, 9 -> {
                long to = number + random.nextInt(20) - 2;
                NavigableMap<Long, String> expected =
                        to < number ? new TreeMap<>() : model.byNumber.subMap(number, true, to, false);
                assertThat(entries(declared.byNumber().range(number, to)))
                        .as(when)
                        .isEqualTo(List.copyOf(expected.entrySet()));
                assertThat(entries(declared.byNumber().range(number, to).reversed()))
                        .as(when)
                        .isEqualTo(List.copyOf(expected.descendingMap().entrySet()));
            }
            case 10 -> {
                assertThat(entries(declared.byText().prefix(text).reversed()))
                        .as(when)
                        .isEqualTo(List.copyOf(model.byText
                                .subMap(text, true, text + '\uffff', false)
                                .descendingMap()
                                .entrySet()));
                assertThat(declared.byText().prefix(text).first())
                        .as(when)
                        .isEqualTo(model.byText.subMap(text, true, text + '\uffff', false).entrySet().stream()
                                .findFirst());
            }
            case 11 -> changeWhileIterating(declared.byNumber(), model.byNumber, random.nextBoolean());
            case 12 -> {
                if (random.nextInt(3) == 0) {
                    declared.byText().clear();
                    model.byText.clear();
                }
                assertThat(declared.byText().isEmpty()).as(when).isEqualTo(model.byText.isEmpty());
            }
            case 13, 14 -> {
                declared.list().add(value);
                model.list.add(value);
            }
            case 15 -> {
                int most = random.nextInt(12);
                declared.list().keepLast(most);
                model.list =
                        new ArrayList<>(model.list.subList(Math.max(0, model.list.size() - most), model.list.size()));
            }
            case 16 -> {
                if (random.nextInt(3) == 0) {
                    declared.list().clear();
                    model.list.clear();
                }
                assertThat(declared.list().isEmpty()).as(when).isEqualTo(model.list.isEmpty());
            }
            case 17 -> {
                model.sum = model.sum == null ? number : model.sum + number;
                assertThat(declared.sum().add(number)).as(when).isEqualTo(model.sum);
            }
            case 18 -> {
                if (random.nextInt(3) == 0) {
                    declared.sum().clear();
                    model.sum = null;
                }
            }
            default -> requireEqual(declared, model, when);
        }
    }

    private static void changeWhileIterating(
            MapState<Long, String> state, NavigableMap<Long, String> model, boolean reversed) {
        MapState.Entries<Long, String> all = reversed ? state.all().reversed() : state.all();
        for (Iterator<Map.Entry<Long, String>> entries = all.iterator(); entries.hasNext(); ) {
            long number = entries.next().getKey();
            if (number % 3 == 0) {
                entries.remove();
                model.remove(number);
            } else if (number % 3 == 1) {
                // Once before the iterator, and once behind it.
                state.put(1_000L, "put");
                state.put(-1_000L, "put");
                model.put(1_000L, "put");
                model.put(-1_000L, "put");
            } else {
                state.put(number, "same");
                model.put(number, "same");
                state.remove(number + 1);
                model.remove(number + 1);
            }
        }
    }

    private static void requireEqual(Declared declared, Model model, String when) {
        assertThat(declared.value().value()).as(when).isEqualTo(model.value);
        assertThat(entries(declared.byNumber().all())).as(when).isEqualTo(List.copyOf(model.byNumber.entrySet()));
        assertThat(entries(declared.byText().all().reversed()))
                .as(when)
                .isEqualTo(List.copyOf(model.byText.descendingMap().entrySet()));
        assertThat(declared.list()).as(when).containsExactlyElementsOf(model.list);
        List<String> newestFirst = new ArrayList<>();
        model.list.forEach(element -> newestFirst.add(0, element));
        assertThat(declared.list().reversed()).as(when).containsExactlyElementsOf(newestFirst);
        assertThat(declared.list().size()).as(when).isEqualTo(model.list.size());
        assertThat(declared.list().last()).as(when).isEqualTo(newestFirst.isEmpty() ? null : newestFirst.get(0));
        assertThat(declared.sum().value()).as(when).isEqualTo(model.sum);
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
