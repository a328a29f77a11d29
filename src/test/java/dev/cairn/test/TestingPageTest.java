package dev.cairn.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.Timers;
import dev.cairn.api.ValueState;
import dev.cairn.test.Visits.Visit;

/** The code of docs/testing.md does what the page says: it stands here, and is run. */
class TestingPageTest {

    private static final Path PAGE = Path.of("docs", "testing.md");
    private static final Path SOURCE = Path.of("src/test/java/dev/cairn/test/TestingPageTest.java");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

    @Test
    void shouldShowOnlyWhatIsTested() throws IOException {
        // Given
        String source = withoutSpace(Files.readString(SOURCE));

        // When
        List<String> shown = JAVA.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult block) -> withoutSpace(block.group(1)))
                .toList();

        // Then
        assertThat(shown).hasSizeGreaterThan(4).allSatisfy(block -> assertThat(source)
                .contains(block));
    }

    private static String withoutSpace(String code) {
        return SPACE.matcher(code).replaceAll("");
    }

    @Test
    void shouldCountVisits() {
        try (var test = ProcessorTest.of(Visits::new)) {
            test.send("ann", new Visit("/home"));
            test.send("bob", new Visit("/home"));
            test.send("ann", new Visit("/shop"));

            assertEquals(List.of(1L, 1L, 2L), test.output().values());
            assertEquals(Map.of("ann", 2L, "bob", 1L), test.output().latest());
            assertEquals(2L, test.state("count").value("ann"));
        }
    }

    @Test
    void shouldContinueAfterACrash() {
        try (var test = ProcessorTest.of(Visits::new)) {
            test.send("ann", new Visit("/home"));
            test.checkpoint();
            test.send("ann", new Visit("/shop"));
            test.crash();
            test.send("ann", new Visit("/cart"));

            assertEquals(List.of(1L, 2L, 3L), test.output().values());
        }
    }

    @Test
    void shouldRestart() {
        try (var test = ProcessorTest.of(Visits::new)) {
            test.send("ann", new Visit("/home"));
            test.restart();
            test.send("ann", new Visit("/shop"));

            assertEquals(2L, test.state("count").value("ann"));
        }
    }

    @Test
    void shouldTellWhenAKeyIsSilent() {
        try (var test = ProcessorTest.of(Silence::new)) {
            test.send("ann", "hello");
            test.advanceBy(Duration.ofSeconds(20));
            test.send("ann", "hello");
            test.advanceBy(Duration.ofSeconds(29));
            assertEquals(List.of(), test.output().values());

            test.advanceBy(Duration.ofSeconds(1));
            assertEquals(
                    List.of("silent since 2000-01-01T00:00:20Z"), test.output().values());
        }
    }

    @Test
    void shouldEnrichOrders() {
        try (var test = ProcessorTest.of(Orders::new)) {
            test.input("customers").send("c-1", "Ann");
            test.input("orders")
                    .at(Instant.parse("2026-05-01T12:00:00Z"))
                    .header("trace", "t-1")
                    .send("c-1", 250L);

            assertEquals(List.of("Ann: 250"), test.output("enriched").values());
            assertEquals("t-1", test.output("enriched").records().get(0).header("trace"));
            assertEquals("Ann", test.state("customer").value("c-1"));
        }
    }

    @Test
    void shouldPutPoisonAside() {
        try (var test = ProcessorTest.of(Visits::new, Map.of("cairn.errors", "dead-letter"))) {
            test.sendRaw("ann".getBytes(StandardCharsets.UTF_8), "no JSON".getBytes(StandardCharsets.UTF_8));
            test.send("ann", new Visit("/home"));

            assertEquals(List.of(1L), test.output().values());
            assertEquals("deserialize-value", test.errors().get(0).stage());
            assertEquals("0", test.deadLetters().get(0).header("cairn.input.offset"));
        }
    }

    @Test
    void shouldStopAtARecordThatFails() {
        try (var test = ProcessorTest.of(Visits::new)) {
            assertThrows(WorkerStoppedException.class, () -> test.send("ann", new Visit("bad path")));
        }
    }

    /** Tells when a key has been silent for 30 seconds. */
    private static final class Silence implements Processor<String, String, String, String> {

        private ValueState<Long> last;
        private Timers silence;

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            Output<String, String> output = declare.output(Serdes.String(), Serdes.String());
            last = declare.valueState("last", Serdes.Long());
            silence = declare.processingTimers(
                    "silence",
                    Serdes.String(),
                    timer -> output.emit(timer.key(), "silent since " + Instant.ofEpochMilli(last.value())));
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {
            last.update(silence.now());
            silence.set(silence.now() + 30_000);
        }
    }

    /** Enriches orders with the names of customers. */
    private static final class Orders implements Processor<Void, Void, Void, Void> {

        @Override
        public void declare(Declaration<Void, Void, Void, Void> declare) {
            ValueState<String> customer = declare.valueState("customer", Serdes.String());
            Output<String, String> enriched = declare.output("enriched", Serdes.String(), Serdes.String());
            declare.input("customers", Serdes.String(), Serdes.String(), name -> customer.update(name.value()));
            declare.input(
                    "orders",
                    Serdes.String(),
                    Serdes.Long(),
                    order -> enriched.emit(order.key(), customer.value() + ": " + order.value(), order.headers()));
        }
    }
}
