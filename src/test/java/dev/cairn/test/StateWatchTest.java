package dev.cairn.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import com.fasterxml.jackson.core.type.TypeReference;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;

/** A test fails when its processor changes a value in place, or a serde of a state loses something. */
class StateWatchTest {

    private static final JsonSerde<List<String>> WORDS = JsonSerde.of(new TypeReference<List<String>>() {});

    @Test
    void shouldFindAValueThatIsChangedInPlace() {
        try (var test = ProcessorTest.of(() -> ofValue(words -> word -> {
            if (words.value() == null) {
                words.update(listOf(word));
            } else {
                words.value().add(word);
            }
        }))) {
            test.send("a", "x");
            assertThatThrownBy(() -> test.send("a", "y"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("changed a value of the state 'words' for the key a in place")
                    .hasMessageContaining("it was [x], and is [x, y] at the end of the record input-0@1");
        }
    }

    @Test
    void shouldFindAValueThatIsChangedInPlaceAndStoredAgain() {
        try (var test = ProcessorTest.of(() -> ofValue(words -> word -> {
            List<String> now = words.valueOr(new ArrayList<>());
            now.add(word);
            words.update(now);
        }))) {
            test.send("a", "x");
            assertThatThrownBy(() -> test.send("a", "y")).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void shouldFindAValueThatIsChangedAfterItWasStored() {
        try (var test = ProcessorTest.of(() -> ofValue(words -> word -> {
            List<String> now = listOf(word);
            words.update(now);
            now.add("late");
        }))) {
            assertThatThrownBy(() -> test.send("a", "x"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("it was [x], and is [x, late] at the end of the record input-0@0");
        }
    }

    @Test
    void shouldFindAValueThatIsChangedInARecordThatFails() {
        try (var test = ProcessorTest.of(
                () -> ofValue(words -> word -> {
                    if (words.value() == null) {
                        words.update(listOf(word));
                    } else {
                        words.value().add(word);
                        throw new IllegalStateException("too late");
                    }
                }),
                Map.of("cairn.errors", "skip"))) {
            test.send("a", "x");
            assertThatThrownBy(() -> test.send("a", "y"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("stays when its record fails");
        }
    }

    @Test
    void shouldFindAValueThatIsChangedLater() {
        // Given: a processor that keeps what it has stored
        List<List<String>> kept = new ArrayList<>();
        Function<ValueState<List<String>>, Step> keeping = words -> word -> {
            kept.add(listOf(word));
            words.update(kept.get(kept.size() - 1));
        };
        for (Consequence consequence :
                List.<Consequence>of(ProcessorTest::checkpoint, ProcessorTest::restart, ProcessorTest::close)) {
            var test = ProcessorTest.of(() -> ofValue(keeping));
            test.send("a", "x");
            test.send("b", "y");

            // When
            kept.get(kept.size() - 2).add("z");

            // Then
            assertThatThrownBy(() -> consequence.of(test))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("the state 'words' for the key a in place: it was [x], and is [x, z] at");
            test.close();
        }
    }

    @Test
    void shouldAcceptValuesThatAreReplaced() {
        try (var test = ProcessorTest.of(() -> ofValue(words -> word -> {
            List<String> more = new ArrayList<>(words.valueOr(new ArrayList<>()));
            more.add(word);
            // The last one counts, and belongs to the record until it ends.
            words.update(new ArrayList<>(more));
            words.update(more);
            words.value().add(word);
            words.update(words.value());
            if (word.equals("clear")) {
                words.clear();
                more.add("free again");
            }
        }))) {
            for (String word : List.of("x", "y", "clear", "z")) {
                test.send("a", word);
                test.checkpoint();
            }
            test.restart();
            test.crash();
            assertThat(test.state("words").value("a")).isEqualTo(List.of("z", "z"));
        }
    }

    @Test
    void shouldFindWhatIsChangedInMapsListsAndReducers() {
        assertChangedInPlace(
                new OfStates() {
                    @Override
                    void step(String word) {
                        if (map.get(1) == null) {
                            map.put(1, listOf(word));
                        } else {
                            map.get(1).add(word);
                        }
                    }
                },
                "the state 'map' for the key a, entry 1 in place");
        assertChangedInPlace(
                new OfStates() {
                    @Override
                    void step(String word) {
                        map.all().forEach(entry -> entry.getValue().add(word));
                        map.put(1, listOf(word));
                    }
                },
                "the state 'map' for the key a, entry 1 in place");
        assertChangedInPlace(
                new OfStates() {
                    @Override
                    void step(String word) {
                        map.all().reversed().first().ifPresent(entry -> entry.getValue()
                                .add(word));
                        map.put(1, listOf(word));
                    }
                },
                "the state 'map' for the key a, entry 1 in place");
        assertChangedInPlace(
                new OfStates() {
                    @Override
                    void step(String word) {
                        list.forEach(each -> each.add(word));
                        list.add(listOf(word));
                    }
                },
                "the state 'list' for the key a in place");
        assertChangedInPlace(
                new OfStates() {
                    @Override
                    void step(String word) {
                        if (list.last() != null) {
                            list.last().add(word);
                        }
                        list.add(listOf(word));
                    }
                },
                "the state 'list' for the key a in place");
        assertChangedInPlace(
                new OfStates() {
                    @Override
                    void step(String word) {
                        reduced.add(listOf(word));
                    }
                },
                "the state 'reduced' for the key a in place");
    }

    @Test
    void shouldAcceptMapsListsAndReducersThatAreUsedAsTheyShould() {
        try (var test = ProcessorTest.of(() -> new OfStates() {
            @Override
            void step(String word) {
                map.put(1, listOf(word));
                map.put(2, listOf(word, word));
                map.range(null, null).reversed().forEach(entry -> assertThat(entry.getValue())
                        .isNotEmpty());
                if (word.equals("y")) {
                    map.remove(1);
                    map.clear();
                }
                list.add(listOf(word));
                list.keepLast(2);
                list.reversed().forEach(each -> assertThat(each).hasSize(1));
                if (reduced.value() != null) {
                    reduced.clear();
                }
            }
        })) {
            for (String word : List.of("x", "y", "z")) {
                test.send("a", word);
                test.restart();
            }
            assertThat(test.state("map").map("a")).containsOnlyKeys(1, 2);
            assertThat(test.state("list").list("a")).containsExactly(List.of("y"), List.of("z"));
        }
    }

    @Test
    void shouldFindASerdeThatLosesAField() {
        // Given: equal bytes for values that are not equal
        Serde<Basket> serde = serde(basket -> basket.item(), item -> new Basket(item, 0));
        try (var test = ProcessorTest.of(() -> new OfSerde<>(serde, item -> new Basket(item, 3)))) {
            assertThatThrownBy(() -> test.send("a", "pear"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("a serde of the state 'one' for the key a does not keep what it is given")
                    .hasMessageContaining(
                            "Basket[item=pear, count=3] becomes Basket[item=pear, count=0] when it is written and read again");
        }
    }

    @Test
    void shouldFindASerdeThatWritesWhatItReadsOtherwise() {
        Serde<StringBuilder> serde = serde(StringBuilder::toString, text -> new StringBuilder(text).append('!'));
        try (var test = ProcessorTest.of(() -> new OfSerde<>(serde, StringBuilder::new))) {
            assertThatThrownBy(() -> test.send("a", "pear"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("pear becomes pear!");
        }
    }

    @Test
    void shouldFindASerdeThatCannotReadOrWrite() {
        Serde<String> unreadable = serde(Function.identity(), text -> {
            throw new IllegalStateException("no way back");
        });
        Serde<String> unwritable = serde(
                text -> {
                    throw new IllegalStateException("no way out");
                },
                Function.identity());
        assertLoss(unreadable, "its deserializer cannot read what was written of pear");
        assertLoss(unwritable, "its serializer cannot write pear");
        assertLoss(serde(Function.identity(), text -> null), "its deserializer returns null");
        assertLoss(Serdes.serdeFrom((topic, value) -> null, (topic, bytes) -> "x"), "its serializer returns null");
    }

    @Test
    void shouldFindAMapKeyThatIsLost() {
        Serde<String> shouting = serde(String::toUpperCase, Function.identity());
        try (var test = ProcessorTest.of(() -> new Processor<String, String, Void, Void>() {
            private MapState<String, String> map;

            @Override
            public void declare(Declaration<String, String, Void, Void> declare) {
                declare.input(Serdes.String(), Serdes.String());
                map = declare.mapState("map", shouting, Serdes.String());
            }

            @Override
            public void process(InputRecord<String, String> input, Output<Void, Void> output) {
                map.put(input.value(), "value");
            }
        })) {
            assertThatThrownBy(() -> test.send("a", "pear"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("pear becomes PEAR");
        }
    }

    @Test
    void shouldTrustSerdesThatWriteEqualValuesInAnyWay() {
        AtomicInteger salt = new AtomicInteger();
        Serde<String> salted =
                serde(text -> salt.incrementAndGet() + ":" + text, text -> text.substring(text.indexOf(':') + 1));
        Serde<NoEquals> saltedWithoutEquals = serde(
                value -> salt.incrementAndGet() + ":" + value.text,
                text -> new NoEquals(text.substring(text.indexOf(':') + 1)));
        Function<String, Set<String>> set = word -> {
            Set<String> words = new HashSet<>(1024);
            for (int i = 0; i < 50; i++) {
                words.add(word + i * 31);
            }
            return words;
        };
        assertNoLoss(salted, Function.identity());
        assertNoLoss(saltedWithoutEquals, NoEquals::new);
        assertNoLoss(JsonSerde.of(new TypeReference<Set<String>>() {}), set);
        assertNoLoss(serde(value -> value.text, NoEquals::new), NoEquals::new);
        assertNoLoss(Serdes.ByteArray(), word -> word.getBytes(StandardCharsets.UTF_8));
        assertNoLoss(StateWatchTest.<Duration>java(), word -> Duration.ofSeconds(word.length()));
    }

    private static void assertChangedInPlace(OfStates processor, String message) {
        try (var test = ProcessorTest.of(() -> processor)) {
            test.send("a", "x");
            assertThatThrownBy(() -> test.send("a", "y"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(message);
        }
    }

    private static void assertLoss(Serde<String> serde, String message) {
        assertThat(new CheckedSerde<>("one", serde).loss("pear"))
                .hasValueSatisfying(loss -> assertThat(loss).contains(message));
        try (var test = ProcessorTest.of(() -> new OfSerde<>(serde, Function.identity()))) {
            // The worker itself may notice it first.
            assertThatThrownBy(() -> test.send("a", "pear"))
                    .isInstanceOfAny(AssertionError.class, WorkerStoppedException.class)
                    .hasMessageContaining("the state 'one'");
        }
    }

    private static <T> void assertNoLoss(Serde<T> serde, Function<String, T> made) {
        try (var test = ProcessorTest.of(() -> new OfSerde<>(serde, made))) {
            for (int i = 0; i < 3; i++) {
                test.send("a", "pear");
                test.restart();
            }
        }
    }

    private static List<String> listOf(String... words) {
        return new ArrayList<>(List.of(words));
    }

    private static <T> Serde<T> serde(Function<T, String> write, Function<String, T> read) {
        return Serdes.serdeFrom(
                (topic, value) -> write.apply(value).getBytes(StandardCharsets.UTF_8),
                (topic, bytes) -> read.apply(new String(bytes, StandardCharsets.UTF_8)));
    }

    /** As Java serialises. */
    @SuppressWarnings("unchecked")
    private static <T extends Serializable> Serde<T> java() {
        return Serdes.serdeFrom(
                (topic, value) -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                        out.writeObject(value);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return bytes.toByteArray();
                },
                (topic, bytes) -> {
                    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                        return (T) in.readObject();
                    } catch (IOException | ClassNotFoundException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private static Processor<String, String, Void, Void> ofValue(Function<ValueState<List<String>>, Step> made) {
        return new Processor<>() {

            private Step step;

            @Override
            public void declare(Declaration<String, String, Void, Void> declare) {
                declare.input(Serdes.String(), Serdes.String());
                step = made.apply(declare.valueState("words", WORDS));
            }

            @Override
            public void process(InputRecord<String, String> input, Output<Void, Void> output) {
                step.process(input.value());
            }
        };
    }

    /** What a processor does with a word. */
    private interface Step {

        void process(String word);
    }

    /** What a test does next. */
    private interface Consequence {

        void of(ProcessorTest<?, ?, ?, ?> test);
    }

    private record Basket(String item, int count) {}

    private static final class NoEquals {

        private final String text;

        private NoEquals(String text) {
            this.text = text;
        }
    }

    /** Has states of the other kinds. */
    private abstract static class OfStates implements Processor<String, String, Void, Void> {

        MapState<Integer, List<String>> map;
        ListState<List<String>> list;
        ReducingState<List<String>> reduced;

        @Override
        public void declare(Declaration<String, String, Void, Void> declare) {
            declare.input(Serdes.String(), Serdes.String());
            map = declare.mapState("map", Serdes.Integer(), WORDS);
            list = declare.listState("list", WORDS);
            reduced = declare.reducingState("reduced", WORDS, (former, more) -> {
                former.addAll(more);
                return former;
            });
        }

        @Override
        public void process(InputRecord<String, String> input, Output<Void, Void> output) {
            step(input.value());
        }

        abstract void step(String word);
    }

    /** Stores what is made of each word, once it has looked at what was there. */
    private static final class OfSerde<T> implements Processor<String, String, Void, Void> {

        private final Serde<T> serde;
        private final Function<String, T> made;
        private ValueState<T> one;

        private OfSerde(Serde<T> serde, Function<String, T> made) {
            this.serde = serde;
            this.made = made;
        }

        @Override
        public void declare(Declaration<String, String, Void, Void> declare) {
            declare.input(Serdes.String(), Serdes.String());
            one = declare.valueState("one", serde);
        }

        @Override
        public void process(InputRecord<String, String> input, Output<Void, Void> output) {
            one.value();
            one.update(made.apply(input.value()));
        }
    }
}
