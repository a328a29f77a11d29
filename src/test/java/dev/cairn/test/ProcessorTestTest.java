package dev.cairn.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.OrderedSerdes;
import dev.cairn.api.Output;
import dev.cairn.api.OutputRecord;
import dev.cairn.api.Processor;
import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;
import dev.cairn.test.Visits.Visit;

/** What a test sends, what it sees of it, and what checkpoints, restarts and crashes do. */
class ProcessorTestTest {

    private static final Visit HOME = new Visit("/home");
    private static final Visit BAD = new Visit("bad/path");

    @Test
    void shouldProcessWhatIsSent() {
        try (var test = ProcessorTest.of(Visits::new)) {
            // When
            test.send("a", HOME);
            test.send("b", HOME);
            test.send("a", new Visit("/shop"));

            // Then
            assertThat(test.output().values()).containsExactly(1L, 1L, 2L);
            assertThat(test.output().records()).extracting(TestRecord::key).containsExactly("a", "b", "a");
            assertThat(test.output().latest()).isEqualTo(Map.of("a", 2L, "b", 1L));
            assertThat(test.state("count").value("a")).isEqualTo(2L);
            assertThat(test.state("count").value("a", Long.class)).isEqualTo(2L);
            assertThat(test.state("count").value("nothing")).isNull();
        }
    }

    @Test
    void shouldShowWhatIsNew() {
        try (var test = ProcessorTest.of(Visits::new)) {
            test.send("a", HOME);
            assertThat(test.output().newValues()).containsExactly(1L);
            assertThat(test.output().newValues()).isEmpty();

            test.send("a", HOME);
            test.checkpoint();
            test.send("a", HOME);
            assertThat(test.output().newValues()).containsExactly(2L, 3L);

            // What is lost comes again.
            test.crash();
            assertThat(test.output().newValues()).containsExactly(3L);
        }
    }

    @Test
    void shouldPassOnTimestampHeadersAndPartition() {
        Instant time = Instant.parse("2026-03-01T10:00:00Z");
        List<InputRecord<String, String>> inputs = new ArrayList<>();
        try (var test = ProcessorTest.of(() -> new Echo(inputs))) {
            // When
            test.input().at(time).header("trace", "t-1").partition(3).send("a", "x");
            test.send("b", "y", time.plusSeconds(1));
            test.send("c", "z");

            // Then
            assertThat(inputs).extracting(InputRecord::partition).containsExactly(3, 0, 0);
            assertThat(inputs).extracting(InputRecord::offset).containsExactly(0L, 0L, 1L);
            assertThat(inputs).extracting(InputRecord::topic).containsOnly("input");
            assertThat(test.output().records())
                    .extracting(record -> Instant.ofEpochMilli(record.timestamp()))
                    .containsExactly(time, time.plusSeconds(1), ProcessorTest.START);
            assertThat(test.output().records())
                    .extracting(record -> record.header("trace"))
                    .containsExactly("t-1", null, null);
        }
    }

    @Test
    void shouldKeepPartitionsApart() {
        List<Visits> instances = new ArrayList<>();
        Supplier<Visits> visits = () -> {
            instances.add(new Visits());
            return instances.get(instances.size() - 1);
        };
        try (var test = ProcessorTest.of(visits)) {
            test.send("a", HOME);
            test.input().partition(2).send("a", HOME);
            test.input().partition(2).send("a", HOME);

            assertThat(instances).hasSize(2);
            assertThat(test.state("count").value("a")).isEqualTo(1L);
            assertThat(test.state("count").partition(2).value("a")).isEqualTo(2L);
            assertThat(test.state("count").partition(7).value("a")).isNull();
            test.crash();
            assertThat(test.state("count").partition(2).value("a")).isEqualTo(2L);
        }
        assertThat(instances).hasSize(4).allMatch(each -> each.closed);
    }

    @Test
    void shouldLetTimePassWhenToldOnly() {
        try (var test = ProcessorTest.of(Visits::new)) {
            assertThat(test.now()).isEqualTo(ProcessorTest.START);
            test.advanceBy(Duration.ofMinutes(5));
            test.send("a", HOME);
            assertThat(test.output().records().get(0).timestamp())
                    .isEqualTo(ProcessorTest.START.plusSeconds(300).toEpochMilli());

            Instant later = Instant.parse("2030-01-01T00:00:00Z");
            test.advanceTo(later);
            assertThat(test.now()).isEqualTo(later);
            assertThatThrownBy(() -> test.advanceTo(later.minusMillis(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("backwards");
        }
    }

    @Test
    void shouldReadEveryKindOfState() {
        try (var test = ProcessorTest.of(AllKinds::new)) {
            for (String word : List.of("pear", "apple", "pear")) {
                test.send("a", word);
            }
            for (int round = 0; round < 2; round++) {
                assertThat(test.state("words").map("a")).containsExactly(Map.entry("apple", 1L), Map.entry("pear", 2L));
                assertThat(test.state("all").list("a")).containsExactly("pear", "apple", "pear");
                assertThat(test.state("length").value("a")).isEqualTo(13L);
                assertThat(test.state("words").map("b")).isEmpty();
                assertThat(test.state("all").list("b")).isEmpty();
                test.restart();
            }
            test.send("a", "plum");
            assertThat(test.output().values()).containsExactly(1L, 1L, 2L, 1L);
            assertThat(test.state("all").list("a")).containsExactly("pear", "apple", "pear", "plum");

            assertThatThrownBy(() -> test.state("words").list("a"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the state 'words' is of another kind: ask for map(key)");
            assertThatThrownBy(() -> test.state("word"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the processor declares no state 'word'; it declares [all, length, words]");
            assertThatThrownBy(() -> test.state("words").map(1L)).hasMessageContaining("does not write 1");
            assertThat(test.state("all").list("a".getBytes(StandardCharsets.UTF_8)))
                    .hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rocksdb", "hashmap"})
    void shouldContinueAfterARestart(String backend) {
        List<Visits> instances = new ArrayList<>();
        Supplier<Visits> visits = () -> {
            instances.add(new Visits());
            return instances.get(instances.size() - 1);
        };
        try (var test = ProcessorTest.of(visits, Map.of("state.backend", backend))) {
            test.send("a", HOME);
            test.restart();
            test.send("a", HOME);

            assertThat(instances).hasSize(2);
            assertThat(instances.get(0).closed).isTrue();
            assertThat(instances.get(1).closed).isFalse();
            assertThat(test.output().values()).containsExactly(1L, 2L);
            assertThat(test.output().committed()).hasSize(1);
        }
        assertThat(instances.get(1).closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rocksdb", "hashmap"})
    void shouldReplayWhatNoCheckpointHoldsAfterACrash(String backend) {
        List<String> seen = new ArrayList<>();
        try (var test = ProcessorTest.of(() -> new Remembering(seen), Map.of("state.backend", backend))) {
            // Given
            test.send("a", "1");
            test.checkpoint();
            test.send("a", "2");
            test.send("b", "3");
            assertThat(test.output().committed()).hasSize(1);

            // When
            test.crash();

            // Then: what the field of the first instance has counted is gone, as is what it has emitted
            assertThat(seen).containsExactly("1", "2", "3", "2", "3");
            assertThat(test.output().values()).containsExactly("1: 1 of 1", "2: 2 of 1", "3: 1 of 2");
            assertThat(test.state("count").value("a")).isEqualTo(2L);
            assertThat(test.output().committed()).hasSize(1);
            test.checkpoint();
            assertThat(test.output().committed()).hasSize(3);
        }
    }

    @Test
    void shouldRepeatResultsUnderAtLeastOnce() {
        try (var test = ProcessorTest.of(Visits::new, Map.of("execution.checkpointing.mode", "AT_LEAST_ONCE"))) {
            test.send("a", HOME);
            test.crash();
            assertThat(test.output().values()).containsExactly(1L, 1L);
            assertThat(test.output().committed()).hasSize(2);
            assertThat(test.state("count").value("a")).isEqualTo(1L);
        }
    }

    @Test
    void shouldStopAtARecordThatFails() {
        try (var test = ProcessorTest.of(Visits::new)) {
            test.send("a", HOME);
            assertThatThrownBy(() -> test.send("a", BAD))
                    .isInstanceOf(WorkerStoppedException.class)
                    .hasMessageContaining("the record input-0@1 cannot be processed (process)")
                    .hasCauseInstanceOf(IllegalArgumentException.class);

            // Nothing of it is kept, and nothing more is processed.
            assertThat(test.output().values()).containsExactly(1L);
            assertThat(test.state("count").value("a")).isEqualTo(1L);
            assertThatThrownBy(() -> test.send("a", HOME))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the worker has stopped")
                    .hasMessageContaining("input-0@1");
            assertThatThrownBy(test::checkpoint).isInstanceOf(IllegalStateException.class);

            // The next start comes to it again.
            assertThatThrownBy(test::restart).isInstanceOf(WorkerStoppedException.class);
            test.restart(Lenient::new);
            assertThat(test.output().values()).containsExactly(1L, 2L);
        }
    }

    @Test
    void shouldSkipRecordsThatFail() {
        try (var test = ProcessorTest.of(Visits::new, Map.of("cairn.errors", "skip"))) {
            test.send("a", HOME);
            test.send("a", BAD);
            test.sendRaw("a".getBytes(StandardCharsets.UTF_8), "no JSON".getBytes(StandardCharsets.UTF_8));
            test.send("a", HOME);

            assertThat(test.output().values()).containsExactly(1L, 2L);
            assertThat(test.errors()).extracting(FailedRecord::stage).containsExactly("process", "deserialize-value");
            assertThat(test.errors()).extracting(FailedRecord::offset).containsExactly(1L, 2L);
            assertThat(test.errors().get(0).error()).hasMessage("bad/path");
            assertThat(test.deadLetters()).isEmpty();
            test.crash();
            assertThat(test.errors()).hasSize(2);
        }
    }

    @Test
    void shouldPutRecordsAsideThatFail() {
        byte[] key = "a".getBytes(StandardCharsets.UTF_8);
        byte[] poison = {1, 2, 3};
        try (var test = ProcessorTest.of(Visits::new, Map.of("cairn.errors", "dead-letter"))) {
            test.input().header("trace", "t-1").sendRaw(key, poison);
            test.send("a", HOME);
            test.crash();

            assertThat(test.output().values()).containsExactly(1L);
            assertThat(test.deadLetters()).hasSize(1);
            TestRecord<byte[], byte[]> letter = test.deadLetters().get(0);
            assertThat(letter.key()).isEqualTo(key);
            assertThat(letter.value()).isEqualTo(poison);
            assertThat(letter.header("trace")).isEqualTo("t-1");
            assertThat(letter.header("cairn.error.stage")).isEqualTo("deserialize-value");
            assertThat(test.errors()).hasSize(1);
        }
    }

    @Test
    void shouldTryAgainAtOnce() {
        Map<String, String> settings = Map.of(
                "cairn.errors", "skip",
                "cairn.errors.retry.exceptions", "java.io.UncheckedIOException",
                "cairn.errors.retry.limit", "3",
                "cairn.errors.retry.backoff", "1h",
                "cairn.errors.retry.max-backoff", "1h");
        for (int failures : List.of(3, 4)) {
            AtomicInteger left = new AtomicInteger(failures);
            try (var test = ProcessorTest.of(() -> new Unsteady(left), settings)) {
                test.send("a", HOME);
                test.send("a", HOME);

                assertThat(test.output().values()).isEqualTo(failures == 3 ? List.of(1L, 2L) : List.of(1L));
                assertThat(test.errors()).hasSize(failures == 3 ? 0 : 1);
            }
        }
    }

    @Test
    void shouldRefuseResultsThatAreTooLarge() {
        Map<String, String> settings = Map.of("cairn.errors", "skip", "kafka.max.request.size", "2000");
        try (var test = ProcessorTest.of(() -> new Echo(new ArrayList<>()), settings)) {
            test.send("a", "x".repeat(1000));
            test.send("a", "x".repeat(3000));

            assertThat(test.output().values()).hasSize(1);
            assertThat(test.errors()).extracting(FailedRecord::stage).containsExactly("send");
        }
    }

    @Test
    void shouldWantANewInstanceForEachStart() {
        Visits only = new Visits();
        try (var test = ProcessorTest.of(() -> only)) {
            test.send("a", HOME);
            for (ThrowingCallable start : List.<ThrowingCallable>of(
                    test::restart, test::crash, () -> test.input().partition(1).send("a", HOME))) {
                assertThatThrownBy(start)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("ProcessorTest.of(Visits::new)");
            }

            // It still runs.
            test.send("a", HOME);
            assertThat(test.output().values()).containsExactly(1L, 2L);
        }
    }

    @Test
    void shouldRefuseSettingsThatDoNotExist() {
        assertThatThrownBy(() -> ProcessorTest.of(Visits::new, Map.of("cairn.error", "skip")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Write cairn.errors");
        assertThatThrownBy(() -> ProcessorTest.of(Visits::new, Map.of("cairn.errors", "ignore")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cairn.errors");
    }

    @Test
    void shouldRefuseWhatAWorkerWouldRefuse() {
        assertThatThrownBy(() -> ProcessorTest.of(Undeclared::new))
                .isInstanceOf(WorkerStoppedException.class)
                .hasMessageContaining("call declare.input(...)");
        try (var test = ProcessorTest.of(() -> new Stateful("count", Serdes.Long()))) {
            test.send("a", "x");
            assertThatThrownBy(() -> test.restart(() -> new Stateful("counts", Serdes.Long())))
                    .isInstanceOf(WorkerStoppedException.class)
                    .hasMessageContaining("the processor declares no state named count");
            assertThatThrownBy(() -> test.restart(() -> new Stateful("count", OrderedSerdes.longs())))
                    .isInstanceOf(WorkerStoppedException.class)
                    .hasMessageContaining("the state 'count' was stored as value by");
            test.restart(() -> new Stateful("count", Serdes.Long()));
            assertThat(test.state("count").value("a")).isEqualTo(1L);
        }
    }

    @Test
    void shouldNeedAnOutputOnlyIfOneIsUsed() {
        try (var test = ProcessorTest.of(() -> new Stateful("count", Serdes.Long()))) {
            test.send("a", "x");
            assertThatThrownBy(test::output).hasMessage("the processor declares no output without a name");
        }
        assertThatThrownBy(() -> ProcessorTest.of(
                        () -> new Stateful("count", Serdes.Long()), Map.of("cairn.output.topic", "results")))
                .isInstanceOf(WorkerStoppedException.class)
                .hasMessageContaining("call declare.output(...)");
    }

    @Test
    void shouldReadAndWriteByName() {
        try (var test = ProcessorTest.of(Orders::new, Map.of("cairn.output.alerts.topic", "warnings"))) {
            // When
            test.input("customers").send("c-1", "Ann");
            test.input("orders").at(ProcessorTest.START.plusSeconds(9)).send("c-1", 250L);
            test.input("orders").send("c-1", 2_000L);

            // Then
            assertThat(test.output("enriched").values()).containsExactly("Ann: 250", "Ann: 2000");
            assertThat(test.output("alerts").values()).containsExactly(2_000L);
            assertThat(test.output("alerts").records())
                    .extracting(TestRecord::timestamp)
                    .containsExactly(7L);
            assertThat(test.output("alerts").records())
                    .extracting(TestRecord::partition)
                    .containsExactly(OptionalInt.of(1));
            assertThat(test.state("customer").value("c-1")).isEqualTo("Ann");

            test.crash();
            assertThat(test.output("enriched").values()).containsExactly("Ann: 250", "Ann: 2000");

            assertThatThrownBy(test::input).hasMessageContaining("ask for input(name), one of [customers, orders]");
            assertThatThrownBy(test::output).hasMessageContaining("no output without a name");
            assertThatThrownBy(() -> test.input("order"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[customers, orders]");
            assertThatThrownBy(() -> test.output("alarms"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[enriched, alerts]");
        }
    }

    @Test
    void shouldSendToAnyTopicOfTheInputWithoutAName() {
        List<InputRecord<String, String>> inputs = new ArrayList<>();
        try (var test = ProcessorTest.of(() -> new Echo(inputs), Map.of("cairn.input.topics", "east,west"))) {
            test.send("a", "x");
            test.input("west").send("a", "y");
            test.input("west").send("a", "z");

            assertThat(inputs).extracting(InputRecord::topic).containsExactly("east", "west", "west");
            assertThat(inputs).extracting(InputRecord::offset).containsExactly(0L, 0L, 1L);
            assertThatThrownBy(() -> test.input("north")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldSayWhereADeclarationIsWrong() {
        assertThatThrownBy(() -> ProcessorTest.of(() -> new Stateful("no name", Serdes.Long())))
                .isInstanceOf(WorkerStoppedException.class)
                .hasMessageContaining("its declare failed: 'no name' cannot name a state");
        assertThatThrownBy(() -> ProcessorTest.of(Impatient::new))
                .isInstanceOf(WorkerStoppedException.class)
                .hasMessageContaining("the state 'count' was used outside of process");
    }

    @Test
    void shouldBeClosedOnce() {
        var test = ProcessorTest.of(Visits::new);
        test.close();
        test.close();
        assertThatThrownBy(() -> test.send("a", HOME)).hasMessage("the test has been closed");
        assertThatThrownBy(() -> test.state("count").value("a")).hasMessage("the test has been closed");
    }

    /** Emits what it reads. */
    private record Echo(List<InputRecord<String, String>> inputs) implements Processor<String, String, String, String> {

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            declare.output(Serdes.String(), Serdes.String());
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {
            inputs.add(input);
            output.emit(input.key(), input.value(), input.headers());
        }
    }

    /** Counts in a state and, which it should not do, in a field. */
    private static final class Remembering implements Processor<String, String, String, String> {

        private final List<String> seen;
        private int inField;
        private ValueState<Long> count;

        private Remembering(List<String> seen) {
            this.seen = seen;
        }

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            declare.output(Serdes.String(), Serdes.String());
            count = declare.valueState("count", Serdes.Long());
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {
            seen.add(input.value());
            inField++;
            count.update(count.valueOr(0L) + 1);
            output.emit(input.key(), input.value() + ": " + count.value() + " of " + Math.min(inField, 2));
        }
    }

    /** Fails so many times. */
    private static final class Unsteady extends Visits {

        private final AtomicInteger left;

        private Unsteady(AtomicInteger left) {
            this.left = left;
        }

        @Override
        public void process(InputRecord<String, Visit> visit, Output<String, Long> output) {
            super.process(visit, output);
            if (left.getAndDecrement() > 0) {
                throw new UncheckedIOException(new IOException("no connection"));
            }
        }
    }

    /** Fails at nothing. */
    private static final class Lenient extends Visits {

        @Override
        public void process(InputRecord<String, Visit> visit, Output<String, Long> output) {
            try {
                super.process(visit, output);
            } catch (IllegalArgumentException e) {
                // It counts, too.
            }
        }
    }

    /** Has a state of each kind. */
    private static final class AllKinds implements Processor<String, String, String, Long> {

        private MapState<String, Long> words;
        private ListState<String> all;
        private ReducingState<Long> length;

        @Override
        public void declare(Declaration<String, String, String, Long> declare) {
            declare.input(Serdes.String(), Serdes.String());
            declare.output(Serdes.String(), Serdes.Long());
            words = declare.mapState("words", OrderedSerdes.text(), Serdes.Long());
            all = declare.listState("all", Serdes.String());
            length = declare.reducingState("length", Serdes.Long(), Long::sum);
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, Long> output) {
            words.put(input.value(), words.getOr(input.value(), 0L) + 1);
            all.add(input.value());
            length.add((long) input.value().length());
            output.emit(input.key(), words.get(input.value()));
        }
    }

    /** Declares nothing. */
    private static final class Undeclared implements Processor<String, String, String, String> {

        @Override
        public void declare(Declaration<String, String, String, String> declare) {}

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {}
    }

    /** Counts in a state of any name, and emits nothing. */
    private static final class Stateful implements Processor<String, String, Void, Void> {

        private final String name;
        private final Serde<Long> serde;
        private ValueState<Long> count;

        private Stateful(String name, Serde<Long> serde) {
            this.name = name;
            this.serde = serde;
        }

        @Override
        public void declare(Declaration<String, String, Void, Void> declare) {
            declare.input(Serdes.String(), Serdes.String());
            count = declare.valueState(name, serde);
        }

        @Override
        public void process(InputRecord<String, String> input, Output<Void, Void> output) {
            count.update(count.valueOr(0L) + 1);
        }
    }

    /** Uses its state too early. */
    private static final class Impatient extends Visits {

        @Override
        public void declare(Declaration<String, Visit, String, Long> declare) {
            super.declare(declare);
            process(new InputRecord<>("input", 0, 0, 0, "a", HOME, null), null);
        }
    }

    /** Has inputs and outputs by name only. */
    private static final class Orders implements Processor<Void, Void, Void, Void> {

        @Override
        public void declare(Declaration<Void, Void, Void, Void> declare) {
            ValueState<String> customer = declare.valueState("customer", Serdes.String());
            Output<String, String> enriched = declare.output("enriched", Serdes.String(), Serdes.String());
            Output<String, Long> alerts = declare.output("alerts", Serdes.String(), Serdes.Long());
            declare.input("customers", Serdes.String(), Serdes.String(), record -> customer.update(record.value()));
            declare.input("orders", Serdes.String(), Serdes.Long(), order -> {
                enriched.emit(order.key(), customer.valueOr("nothing known") + ": " + order.value());
                if (order.value() > 1_000) {
                    alerts.emit(
                            OutputRecord.of(order.key(), order.value()).at(7).to(1));
                }
            });
        }
    }
}
