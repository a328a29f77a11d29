package dev.cairn.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.cairn.api.JsonSerde;

class WindowTotalsTest {

    @Test
    void shouldDivideByTheRecordsThatHadANumber() {
        // Given: records are counted only
        Map<String, String> settings = new HashMap<>(Map.of("cairn.window.size", "10s"));
        try (WindowJob job = new WindowJob(settings)) {
            job.send("a", 1, "100");
            job.send("a", 2, "100");

            // When
            settings.put("cairn.window.value", "/n");
            job.test().restart(() -> new WindowProcessor(WindowJob.config(settings)));
            job.send("a", 3, "2");
            job.test().restart();
            job.send("a", 4, "4");
            job.send("b", 10, "0");

            // Then
            assertThat(job.json())
                    .containsExactly("a@9999 {\"start\":0,\"end\":10000,\"count\":4,\"sum\":6,\"min\":2,"
                            + "\"max\":4,\"average\":3.0,\"last\":4}");
        }
    }

    @Test
    void shouldReadTotalsThatDoNotSayHowManyNumbersTheyHave() {
        assertThat(stored("{\"count\":2,\"sum\":3,\"min\":1,\"max\":2,\"last\":2,\"lastAt\":5}"))
                .isEqualTo(WindowTotals.of(1L, 4).and(WindowTotals.of(2L, 5)))
                .extracting(WindowTotals::numbers)
                .isEqualTo(2L);
        assertThat(stored("{\"count\":2,\"lastAt\":5}"))
                .isEqualTo(WindowTotals.of(null, 4).and(WindowTotals.of(null, 5)));
    }

    private static WindowTotals stored(String json) {
        return JsonSerde.of(WindowTotals.class).deserialize("", WindowJob.bytes(json));
    }
}
