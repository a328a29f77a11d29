package dev.cairn.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.test.FailedRecord;
import dev.cairn.test.ProcessorTest;

class DeduplicateProcessorTest {

    private static final Instant START = ProcessorTest.START;

    @Test
    void shouldPassTheFirstRecordOfAKeyOnUnchanged() {
        try (var test = test(Map.of("cairn.deduplicate.ttl", "10s"))) {
            // When
            var input = test.input().header("h", "x");
            input.at(START.plusSeconds(1)).send(WindowJob.bytes("a"), WindowJob.bytes("not JSON"));
            input.at(START.plusSeconds(2)).send(WindowJob.bytes("a"), WindowJob.bytes("other"));
            test.restart();
            input.at(START.plusSeconds(10)).send(WindowJob.bytes("a"), WindowJob.bytes("other"));
            input.at(START.plusSeconds(11)).send(WindowJob.bytes("a"), null);

            // Then: the second one comes after ten seconds
            var records = test.output().records();
            assertThat(records).hasSize(2);
            assertThat(records.get(0).key()).isEqualTo(WindowJob.bytes("a"));
            assertThat(records.get(0).value()).isEqualTo(WindowJob.bytes("not JSON"));
            assertThat(records.get(0).timestamp())
                    .isEqualTo(START.plusSeconds(1).toEpochMilli());
            assertThat(records.get(0).header("h")).isEqualTo("x");
            assertThat(records.get(1).value()).isNull();
        }
    }

    @Test
    void shouldForgetByTheClock() {
        try (var test = test(Map.of("cairn.deduplicate.ttl", "10s", "cairn.deduplicate.time", "processing"))) {
            send(test, "a", "1", 0);
            test.advanceBy(Duration.ofMillis(9_999));
            send(test, "a", "2", 100_000);
            test.advanceBy(Duration.ofMillis(1));
            send(test, "a", "3", 0);

            assertThat(values(test)).containsExactly("1", "3");
        }
    }

    @Test
    void shouldCompareIdsOfAKey() {
        Map<String, String> settings =
                Map.of("cairn.deduplicate.ttl", "1h", "cairn.deduplicate.id", "/id", "cairn.errors", "skip");
        try (var test = test(settings)) {
            for (String id : List.of("1", "\"1\"", "1", "\"1\"", "true", "\"true\"", "true", "1.0", "null", "{}")) {
                send(test, "a", "{\"id\":" + id + "}", 0);
            }
            send(test, "b", "{\"id\":1}", 0);
            test.send(null, WindowJob.bytes("{\"id\":1}"));

            assertThat(values(test))
                    .containsExactly(
                            "{\"id\":1}",
                            "{\"id\":\"1\"}",
                            "{\"id\":true}",
                            "{\"id\":\"true\"}",
                            "{\"id\":1.0}",
                            "{\"id\":1}");
            assertThat(test.errors())
                    .extracting(FailedRecord::error)
                    .extracting(Throwable::getMessage)
                    .satisfiesExactly(
                            none -> assertThat(none).contains("at /id: there is null"),
                            object -> assertThat(object).contains("at /id: there is an object"),
                            key -> assertThat(key).contains("no key"));
        }
    }

    /** In UTF-8, which has no half pairs, they would all be one. */
    @Test
    void shouldRefuseIdsWithHalfOfASurrogatePair() {
        Map<String, String> settings =
                Map.of("cairn.deduplicate.ttl", "1h", "cairn.deduplicate.id", "/id", "cairn.errors", "skip");
        try (var test = test(settings)) {
            for (String half : List.of("\\ud800", "\\udbff", "a\\udc00b", "\\ude00\\ud83d")) {
                send(test, "a", "{\"id\":\"" + half + "\"}", 0);
            }
            for (String whole : List.of("?", "\\ud83d\\ude00", "\ud83d\ude00")) {
                send(test, "a", "{\"id\":\"" + whole + "\"}", 0);
            }

            assertThat(values(test)).containsExactly("{\"id\":\"?\"}", "{\"id\":\"\\ud83d\\ude00\"}");
            assertThat(test.errors()).hasSize(4).extracting(FailedRecord::error).allSatisfy(error -> assertThat(error)
                    .hasMessage("no text, number or boolean at /id: the text there has half of a"
                            + " surrogate pair, which UTF-8 cannot encode"));
        }
    }

    @ParameterizedTest
    @CsvSource({"event, 0", "event, 700", "processing, 0"})
    void shouldBeWhatAnotherComputationSays(String time, long outOfOrderness) {
        Random random = new Random(3);
        Map<String, String> settings = new HashMap<>(Map.of(
                "cairn.deduplicate.ttl",
                "5s",
                "cairn.deduplicate.id",
                "/id",
                "cairn.deduplicate.time",
                time,
                "cairn.event-time.out-of-orderness",
                outOfOrderness + "ms"));
        Map<String, Long> firstAt = new HashMap<>();
        List<String> expected = new ArrayList<>();
        long largest = 0;
        try (var test = test(settings)) {
            for (int i = 0; i < 2_000; i++) {
                test.advanceBy(Duration.ofMillis(random.nextInt(60)));
                long timestamp = i * 30L - (outOfOrderness == 0 ? 0 : random.nextLong(outOfOrderness));
                String key = "key" + random.nextInt(3);
                String value = "{\"id\":" + random.nextInt(60) + ",\"n\":" + i + "}";
                largest = Math.max(largest, timestamp);
                long now = time.equals("event")
                        ? largest - outOfOrderness
                        : test.now().toEpochMilli() - START.toEpochMilli();
                Long first = firstAt.get(key + value.substring(0, value.indexOf(',')));
                if (first == null || first + 5_000 <= now) {
                    firstAt.put(key + value.substring(0, value.indexOf(',')), now);
                    expected.add(value);
                }
                send(test, key, value, timestamp);
                switch (random.nextInt(100)) {
                    case 0 -> test.checkpoint();
                    case 1 -> test.restart();
                    default -> {}
                }
            }
            assertThat(values(test)).isEqualTo(expected);
            assertThat(expected).hasSizeBetween(400, 1_900);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "cairn.deduplicate.id; /id; cairn.deduplicate.ttl is not set",
                "cairn.deduplicate.ttl; 0s; cairn.deduplicate.ttl is 0",
                "cairn.deduplicate.ttl; often; cairn.deduplicate.ttl=often is not a duration",
                "cairn.deduplicate.tll; 1h; there is no such setting"
            })
    void shouldSayWhatIsWrongWithASetting(String name, String value, String message) {
        assertThatThrownBy(() -> test(Map.of(name, value)).close()).hasStackTraceContaining(message);
    }

    private static ProcessorTest<byte[], byte[], byte[], byte[]> test(Map<String, String> settings) {
        Map<String, String> ofWorker = new HashMap<>(settings);
        ofWorker.keySet().removeIf(name -> name.startsWith("cairn.deduplicate."));
        return ProcessorTest.of(() -> new DeduplicateProcessor(WindowJob.config(settings)), ofWorker);
    }

    private static void send(
            ProcessorTest<byte[], byte[], byte[], byte[]> test, String key, String value, long millis) {
        test.send(WindowJob.bytes(key), WindowJob.bytes(value), START.plusMillis(millis));
    }

    private static List<String> values(ProcessorTest<byte[], byte[], byte[], byte[]> test) {
        return test.output().values().stream().map(WindowJob::text).toList();
    }
}
