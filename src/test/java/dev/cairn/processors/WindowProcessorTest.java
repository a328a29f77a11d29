package dev.cairn.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.test.FailedRecord;

class WindowProcessorTest {

    private static final String TOO_LARGE = "9".repeat(450);

    @Test
    void shouldEmitTheResultOfAWindowAtItsEnd() {
        try (WindowJob job = job("cairn.window.size", "10s", "cairn.window.value", "/n")) {
            // When
            job.send("a", 1, "1");
            job.send("b", 2, "7");
            job.send("a", 3, "9");
            job.send("a", 9, "2.5");
            assertThat(job.json()).isEmpty();
            job.send("a", 25, "0");

            // Then: with the key, one millisecond before the end
            assertThat(job.json())
                    .containsExactly(
                            "a@9999 {\"start\":0,\"end\":10000,\"count\":3,\"sum\":12.5,\"min\":1,\"max\":9,"
                                    + "\"average\":4.166666666666667,\"last\":2.5}",
                            "b@9999 {\"start\":0,\"end\":10000,\"count\":1,\"sum\":7,\"min\":7,\"max\":7,"
                                    + "\"average\":7.0,\"last\":7}");
            assertThat(job.test().state("windows").map(WindowJob.bytes("a"))).hasSize(1);
            assertThat(job.test().state("windows").map(WindowJob.bytes("b"))).isEmpty();
            assertThat(job.test().state("ended-windows").map(WindowJob.bytes("a")))
                    .isEmpty();
        }
    }

    @Test
    void shouldEmitAfterEachRecord() {
        try (WindowJob job = job("cairn.window.size", "10s", "cairn.window.emit", "update")) {
            job.send("a", 1, "0");
            job.send("a", 3, "0");
            job.send("a", 2, "0");
            job.send("a", 12, "0");
            job.send("a", 5, "0");

            // Not with the end as timestamp, which may be too far ahead for Kafka
            assertThat(job.json())
                    .containsExactly(
                            "a@1000 {\"start\":0,\"end\":10000,\"count\":1}",
                            "a@3000 {\"start\":0,\"end\":10000,\"count\":2}",
                            "a@3000 {\"start\":0,\"end\":10000,\"count\":3}",
                            "a@12000 {\"start\":10000,\"end\":20000,\"count\":1}");
        }
    }

    @Test
    void shouldTakeRecordsForTheAllowedLateness() {
        try (WindowJob job = job("cairn.window.size", "10s", "cairn.window.lateness", "5s")) {
            job.send("a", 1, "0");
            job.send("a", 10, "0");
            job.send("a", 2, "0");
            job.send("b", 3, "0");
            job.send("a", 14, "0");
            job.send("a", 4, "0");
            job.send("a", 15, "0");
            job.send("a", 5, "0");

            assertThat(job.json())
                    .containsExactly(
                            "a@9999 {\"start\":0,\"end\":10000,\"count\":1}",
                            "a@9999 {\"start\":0,\"end\":10000,\"count\":2}",
                            "b@9999 {\"start\":0,\"end\":10000,\"count\":1}",
                            "a@9999 {\"start\":0,\"end\":10000,\"count\":3}");
            assertThat(job.test().state("ended-windows").map(WindowJob.bytes("a")))
                    .isEmpty();
            assertThat(job.test().state("ended-windows").map(WindowJob.bytes("b")))
                    .isEmpty();
            assertThat(job.test().state("ends").timer(WindowJob.bytes("b"))).isEmpty();
            assertThat(job.test().state("ends").timer(WindowJob.bytes("a"))).contains(Instant.ofEpochSecond(20));
        }
    }

    @Test
    void shouldPutARecordIntoAllWindowsThatHop() {
        try (WindowJob job =
                job("cairn.window.kind", "hopping", "cairn.window.size", "10s", "cairn.window.hop", "4s")) {
            job.send("a", 8, "0");
            job.send("a", 100, "0");

            assertThat(job.json())
                    .containsExactly(
                            "a@9999 {\"start\":0,\"end\":10000,\"count\":1}",
                            "a@13999 {\"start\":4000,\"end\":14000,\"count\":1}",
                            "a@17999 {\"start\":8000,\"end\":18000,\"count\":1}");
        }
    }

    @Test
    void shouldMergeSessionsThatARecordConnects() {
        try (WindowJob job = job(
                "cairn.window.kind",
                "session",
                "cairn.window.gap",
                "10s",
                "cairn.window.lateness",
                "1min",
                "cairn.event-time.out-of-orderness",
                "20s")) {
            // When: two sessions, the second one begins when the first one has ended
            job.send("a", 20, "0");
            job.send("a", 30, "0");
            assertThat(job.test().state("sessions").map(WindowJob.bytes("a"))).hasSize(2);

            // Then: one, once a record is between them; and again, after its end
            job.send("a", 25, "0");
            assertThat(job.test().state("sessions").map(WindowJob.bytes("a"))).hasSize(1);
            job.send("b", 60, "0");
            assertThat(job.json()).containsExactly("a@39999 {\"start\":20000,\"end\":40000,\"count\":3}");
            job.send("a", 11, "0");
            assertThat(job.json()).containsExactly("a@39999 {\"start\":11000,\"end\":40000,\"count\":4}");

            // An ended session that grows beyond the watermark is open again
            job.send("a", 39, "0");
            assertThat(job.json()).isEmpty();
            job.send("b", 70, "0");
            assertThat(job.json()).containsExactly("a@48999 {\"start\":11000,\"end\":49000,\"count\":5}");
        }
    }

    @Test
    void shouldPassLateRecordsOnUnchanged() {
        try (WindowJob job = job("cairn.window.size", "10s", "cairn.output.late.topic", "too-late")) {
            job.send("a", 30, "0");
            job.test()
                    .input()
                    .at(Instant.ofEpochSecond(5))
                    .header("h", "x")
                    .send(WindowJob.bytes("b"), WindowJob.bytes("{}"));

            var late = job.test().<byte[], byte[]>output("late").records();
            assertThat(late).hasSize(1);
            assertThat(late.get(0).key()).isEqualTo(WindowJob.bytes("b"));
            assertThat(late.get(0).value()).isEqualTo(WindowJob.bytes("{}"));
            assertThat(late.get(0).timestamp()).isEqualTo(5_000);
            assertThat(late.get(0).header("h")).isEqualTo("x");
        }
    }

    @Test
    void shouldBeTheSameInWhateverOrderDecimalsArrive() {
        for (String[] numbers : new String[][] {{"0.1", "0.2", "0.3"}, {"0.3", "0.2", "0.1"}}) {
            try (WindowJob job =
                    job("cairn.window.size", "10s", "cairn.window.value", "/n", "cairn.window.functions", "sum")) {
                for (int i = 0; i < 30; i++) {
                    job.send("a", 1, numbers[i % 3]);
                }
                job.test().restart();
                job.send("a", 10, "0");
                assertThat(job.json()).containsExactly("a@9999 {\"start\":0,\"end\":10000,\"sum\":6.0}");
            }
        }
    }

    @Test
    void shouldKeepIntegersExact() {
        try (WindowJob job =
                job("cairn.window.size", "10s", "cairn.window.value", "/n", "cairn.window.functions", "sum, average")) {
            job.send("a", 1, "9223372036854775807");
            job.send("a", 1, "9223372036854775807");
            job.test().restart();
            job.send("a", 10, "0");
            assertThat(job.json())
                    .containsExactly(
                            "a@9999 {\"start\":0,\"end\":10000,\"sum\":18446744073709551614,\"average\":9.223372036854776E18}");
        }
    }

    /** As where the topic does not take a result: with 450 digits it is too large. */
    @ParameterizedTest
    @CsvSource({"0s, skip", "1min, skip", "0s, dead-letter"})
    void shouldLeaveOutOnlyTheResultThatIsRefused(String lateness, String errors) {
        try (WindowJob job = job(
                "cairn.window.size",
                "10s",
                "cairn.window.value",
                "/n",
                "cairn.window.functions",
                "max",
                "cairn.window.lateness",
                lateness,
                "cairn.event-time.out-of-orderness",
                "30s",
                "cairn.errors",
                errors,
                "kafka.max.request.size",
                "450")) {
            // Given: windows that are all open
            job.send("a", 1, TOO_LARGE);
            job.send("a", 11, "2");
            job.send("a", 21, TOO_LARGE);
            job.send("a", 31, "4");

            // When: the key gets no more records
            job.send("b", 200, "0");

            // Then
            assertThat(job.json())
                    .containsExactly(
                            "a@19999 {\"start\":10000,\"end\":20000,\"max\":2}",
                            "a@39999 {\"start\":30000,\"end\":40000,\"max\":4}");
            assertThat(job.test().errors())
                    .extracting(each -> each.topic() + "@" + each.offset())
                    .containsExactly("timer ends@10000", "timer ends@30000");
            for (String name : List.of("windows", "ended-windows")) {
                assertThat(job.test().state(name).map(WindowJob.bytes("a"))).isEmpty();
            }
            for (String name : List.of("ends", "failed-ends")) {
                assertThat(job.test().state(name).timer(WindowJob.bytes("a"))).isEmpty();
            }
        }
    }

    @Test
    void shouldTakeLateRecordsIntoAWindowWhoseResultWasRefused() {
        try (WindowJob job = job(
                "cairn.window.size",
                "10s",
                "cairn.window.value",
                "/n",
                "cairn.window.functions",
                "last",
                "cairn.window.lateness",
                "1min",
                "cairn.errors",
                "skip",
                "kafka.max.request.size",
                "450")) {
            job.send("a", 1, TOO_LARGE);
            job.send("b", 10, "0");
            assertThat(job.test().errors()).hasSize(1);

            // When, then
            job.send("a", 2, "3");
            assertThat(job.json()).containsExactly("a@9999 {\"start\":0,\"end\":10000,\"last\":3}");
        }
    }

    @Test
    void shouldRefuseRecordsThatCanBeInNoWindow() {
        Map<String, String> settings =
                settings("cairn.window.size", "10s", "cairn.window.value", "/n", "cairn.errors", "skip");
        try (WindowJob job = new WindowJob(settings)) {
            job.test().send(null, WindowJob.bytes("{\"n\":1}"), Instant.ofEpochSecond(1));
            job.test().send(WindowJob.bytes("a"), WindowJob.bytes("{}"), Instant.ofEpochSecond(1));
            job.test().send(WindowJob.bytes("a"), WindowJob.bytes("{\"n\":1}"), Instant.ofEpochMilli(-1));
            job.send("a", 1, "1e308");
            job.send("a", 1, "1e308");

            assertThat(job.test().errors())
                    .extracting(FailedRecord::error)
                    .extracting(Throwable::getMessage)
                    .satisfiesExactly(
                            key -> assertThat(key).contains("no key"),
                            number -> assertThat(number).contains("no number at /n"),
                            timestamp -> assertThat(timestamp).contains("no timestamp"),
                            sum -> assertThat(sum).contains("not finite"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "; cairn.window.size is not set",
                "cairn.window.size=0s; cairn.window.size is 0",
                "cairn.window.size=10; cairn.window.size=10 is not a duration",
                "cairn.window.size=-PT1S; is not a duration",
                "cairn.window.size=40000d; is too long",
                "cairn.window.size=1h cairn.window.kind=sliding; cairn.window.kind has sliding",
                "cairn.window.size=1h cairn.window.kind=hopping; cairn.window.hop is not set",
                "cairn.window.size=1h cairn.window.kind=hopping cairn.window.hop=2h; cairn.window.hop is longer",
                "cairn.window.size=1h cairn.window.kind=hopping cairn.window.hop=1ms; cairn.window.hop is too short",
                "cairn.window.size=1h cairn.window.hop=1min; cairn.window.hop is set, but has no meaning",
                "cairn.window.kind=session; cairn.window.gap is not set",
                "cairn.window.kind=session cairn.window.gap=1h cairn.window.size=1h; cairn.window.size is set, but",
                "cairn.window.size=1h cairn.window.value=delay; cairn.window.value=delay is not a JSON pointer",
                "cairn.window.size=1h cairn.window.functions=count,sum; cairn.window.value is not set",
                "cairn.window.size=1h cairn.window.functions=median; cairn.window.functions has median",
                "cairn.window.size=1h cairn.window.emit=always; cairn.window.emit has always",
                "cairn.window.size=1h cairn.window.latenes=1h; there is no such setting"
            })
    void shouldSayWhatIsWrongWithASetting(String given, String message) {
        Map<String, String> settings = new HashMap<>();
        if (given != null) {
            for (String each : given.split(" ", -1)) {
                String[] setting = each.split("=", 2);
                settings.put(setting[0], setting[1]);
            }
        }
        assertThatThrownBy(() -> WindowSettings.read(WindowJob.config(settings)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static WindowJob job(String... settings) {
        return new WindowJob(settings(settings));
    }

    private static Map<String, String> settings(String... settings) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return all;
    }
}
