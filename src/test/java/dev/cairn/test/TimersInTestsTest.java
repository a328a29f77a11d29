package dev.cairn.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import com.fasterxml.jackson.core.type.TypeReference;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.Timers;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;

/** Timers fire when the test lets time pass, or sends records. */
class TimersInTestsTest {

    private static final Instant START = ProcessorTest.START;

    @Test
    void shouldFireTimersByTheClockEachAtItsTime() {
        try (var test = ProcessorTest.of(Ticking::new)) {
            // When: two keys tick once a minute, half a minute apart
            test.send("a", "x");
            test.advanceBy(Duration.ofSeconds(30));
            test.send("b", "x");
            assertThat(test.state("tick").timer("a")).contains(START.plusSeconds(60));
            assertThat(test.state("tick").timer("c")).isEmpty();
            test.advanceBy(Duration.ofSeconds(29).plusMillis(999));
            assertThat(test.output().values()).isEmpty();
            test.advanceTo(START.plusSeconds(180));

            // Then
            assertThat(test.output().values()).containsExactly("a 60", "b 90", "a 120", "b 150", "a 180");
            assertThat(test.output().records().get(1).timestamp())
                    .isEqualTo(START.plusSeconds(90).toEpochMilli());
            assertThat(test.now()).isEqualTo(START.plusSeconds(180));
            assertThatThrownBy(() -> test.state("tick").value("a")).hasMessageContaining("ask for timer(key)");
        }
    }

    @Test
    void shouldKeepTimersOverARestartAndACrash() {
        try (var test = ProcessorTest.of(Ticking::new)) {
            test.send("a", "x");
            test.restart();
            test.advanceBy(Duration.ofSeconds(60));
            assertThat(test.output().values()).containsExactly("a 60");

            // What has fired since the checkpoint fires again, late: the clock stands where it stands.
            test.advanceBy(Duration.ofSeconds(30));
            test.crash();
            assertThat(test.output().values()).containsExactly("a 90");
            test.advanceBy(Duration.ofSeconds(60));
            assertThat(test.output().values()).containsExactly("a 90", "a 150");
        }
    }

    @Test
    void shouldFireTimersByEventTimeBeforeTheRecordThatMovesIt() {
        try (var test = ProcessorTest.of(Closing::new, Map.of("cairn.event-time.out-of-orderness", "5s"))) {
            assertThat(test.watermark()).isEmpty();
            test.send("a", "1", START.plusSeconds(1));
            test.send("b", "2", START.plusSeconds(14));
            assertThat(test.output().values()).isEmpty();
            assertThat(test.watermark()).contains(START.plusSeconds(9));

            test.send("a", "3", START.plusSeconds(15));
            assertThat(test.output().values()).containsExactly("a: 1");
            assertThat(test.output().records().get(0).timestamp())
                    .isEqualTo(START.plusSeconds(10).toEpochMilli());

            // The watermark is part of the checkpoint.
            test.checkpoint();
            test.send("b", "4", START.plusSeconds(100));
            assertThat(test.output().values()).containsExactly("a: 1", "a: 3", "b: 2");
            test.crash();
            assertThat(test.output().values()).containsExactly("a: 1", "a: 3", "b: 2");
            assertThat(test.watermark()).contains(START.plusSeconds(95));
        }
    }

    @Test
    void shouldWaitForInputsUntilTheyAreIdle() {
        Map<String, String> settings = Map.of("cairn.input.topics", "east,west", "cairn.event-time.idle", "20s");
        try (var test = ProcessorTest.of(Closing::new, settings)) {
            // When: nothing comes from the west
            test.send("a", "1", START.plusSeconds(1));
            test.send("b", "2", START.plusSeconds(50));
            test.advanceBy(Duration.ofSeconds(19));
            assertThat(test.output().values()).isEmpty();
            test.advanceBy(Duration.ofSeconds(1));
            assertThat(test.output().values()).containsExactly("a: 1");

            // Then: it does not hold the time back, until it has records again
            test.input("west").at(START.plusSeconds(20)).send("c", "3");
            test.send("d", "4", START.plusSeconds(200));
            assertThat(test.output().values()).containsExactly("a: 1", "c: 3");
            test.advanceBy(Duration.ofDays(1));
            assertThat(test.output().values()).containsExactly("a: 1", "c: 3", "b: 2");
        }
    }

    @Test
    void shouldTreatATimerThatFailsAsARecord() {
        Map<String, String> settings = Map.of("cairn.errors", "skip");
        Function<String, String> failing = word -> {
            if (word.equals("bad")) {
                throw new IllegalStateException("no");
            }
            return word;
        };
        try (var test = ProcessorTest.of(() -> new Closing(failing), settings)) {
            test.send("a", "bad", START.plusSeconds(1));
            test.send("b", "good", START.plusSeconds(2));
            test.send("z", "x", START.plusSeconds(30));

            assertThat(test.output().values()).containsExactly("b: good");
            assertThat(test.errors()).hasSize(1);
            assertThat(test.errors().get(0).stage()).isEqualTo("timer");
            assertThat(test.errors().get(0).topic()).isEqualTo("timer close");
            assertThat(test.state("last").value("a")).isEqualTo("bad");
        }
        try (var test = ProcessorTest.of(() -> new Closing(failing))) {
            test.send("a", "bad", START.plusSeconds(1));
            assertThatThrownBy(() -> test.send("z", "x", START.plusSeconds(30)))
                    .isInstanceOf(WorkerStoppedException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldFindWhatATimerChangesInPlace() {
        try (var test = ProcessorTest.of(Growing::new)) {
            test.send("a", "x");
            test.send("b", "y");
            assertThatThrownBy(() -> test.advanceBy(Duration.ofSeconds(5)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("a value of the state 'words' for the key a in place")
                    .hasMessageContaining("at the end of the timer 'grow' of 2000-01-01T00:00:05Z");
        }
    }

    @Test
    void shouldForgetWhatHasExpired() {
        try (var test = ProcessorTest.of(Forgetful::new)) {
            test.send("a", "x");
            test.restart();
            test.advanceBy(Duration.ofSeconds(59));
            assertThat(test.state("last").value("a")).isEqualTo("x");
            test.advanceBy(Duration.ofSeconds(2));
            assertThat(test.state("last").value("a")).isNull();
            test.checkpoint();
            test.crash();
            assertThat(test.state("last").value("a")).isNull();
        }
    }

    /** Keeps the last value of a key for a minute. */
    private static final class Forgetful implements Processor<String, String, Void, Void> {

        private ValueState<String> last;

        @Override
        public void declare(Declaration<String, String, Void, Void> declare) {
            declare.input(Serdes.String(), Serdes.String());
            last = declare.valueState("last", Serdes.String(), Ttl.after(Duration.ofMinutes(1)));
        }

        @Override
        public void process(InputRecord<String, String> input, Output<Void, Void> output) {
            last.update(input.value());
        }
    }

    /** Emits once a minute for each key. */
    private static final class Ticking implements Processor<String, String, String, String> {

        private Timers tick;

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            Output<String, String> output = declare.output(Serdes.String(), Serdes.String());
            tick = declare.processingTimers("tick", Serdes.String(), timer -> {
                output.emit(timer.key(), timer.key() + " " + (tick.now() - START.toEpochMilli()) / 1000);
                tick.set(tick.now() + 60_000);
            });
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {
            tick.set(Instant.ofEpochMilli(tick.now()).plusSeconds(60));
        }
    }

    /** Emits the last value of a key once its window of ten seconds is over. */
    private static final class Closing implements Processor<String, String, String, String> {

        private final Function<String, String> shown;
        private ValueState<String> last;
        private Timers close;

        private Closing() {
            this(Function.identity());
        }

        private Closing(Function<String, String> shown) {
            this.shown = shown;
        }

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            Output<String, String> output = declare.output(Serdes.String(), Serdes.String());
            last = declare.valueState("last", Serdes.String());
            close = declare.eventTimers("close", Serdes.String(), timer -> {
                String value = last.value();
                last.clear();
                output.emit(timer.key(), timer.key() + ": " + shown.apply(value));
            });
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {
            last.update(input.value());
            close.set((input.timestamp() / 10_000 + 1) * 10_000);
        }
    }

    /** Changes a value in place when a timer fires. */
    private static final class Growing implements Processor<String, String, Void, Void> {

        private ValueState<ArrayList<String>> words;
        private Timers grow;

        @Override
        public void declare(Declaration<String, String, Void, Void> declare) {
            declare.input(Serdes.String(), Serdes.String());
            words = declare.valueState("words", JsonSerde.of(new TypeReference<ArrayList<String>>() {}));
            grow = declare.processingTimers("grow", Serdes.String(), timer -> {
                if (timer.key().equals("a")) {
                    words.value().add("more");
                }
            });
        }

        @Override
        public void process(InputRecord<String, String> input, Output<Void, Void> output) {
            words.update(new ArrayList<>(List.of(input.value())));
            grow.set(grow.now() + 5_000);
        }
    }
}
