package dev.cairn.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class HttpLabelsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    HttpLabelsTest() {
        registry.config().meterFilter(new HttpLabels());
    }

    @Test
    void shouldKeepCallersFromMakingSeries() {
        // When
        for (int i = 0; i < 1_000; i++) {
            record("MADE-UP-" + i, "/job", "405");
            record("GET", "/made-up-" + i, "401");
            record("GET", "/made-up-" + i, "RESET");
            record("OPTIONS", "/made-up-" + i, "200");
        }

        // Then
        assertThat(registry.getMeters()).hasSize(4);
        assertThat(registry.find("http.server.requests")
                        .tag("method", "OTHER")
                        .timer()
                        .count())
                .isEqualTo(1_000);
        assertThat(registry.find("http.server.requests").tag("uri", "UNKNOWN").timers())
                .hasSize(4);
    }

    @Test
    void shouldKeepPathsThatAreAnswered() {
        // When
        record("GET", "/state/{name}/{key}", "200");
        record("GET", "/state/{name}/{key}", "404");
        record("GET", "NOT_FOUND", "404");

        // Then
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getTag("uri"))
                .containsExactlyInAnyOrder("/state/{name}/{key}", "/state/{name}/{key}", "NOT_FOUND");
    }

    @Test
    void shouldLeaveOtherMetersAlone() {
        // When
        registry.counter("other", "method", "MADE-UP", "uri", "/nowhere").increment();

        // Then
        assertThat(registry.getMeters().get(0).getId().getTags())
                .containsExactly(Tag.of("method", "MADE-UP"), Tag.of("uri", "/nowhere"));
    }

    private void record(String method, String uri, String status) {
        Timer.builder("http.server.requests")
                .tag("method", method)
                .tag("uri", uri)
                .tag("status", status)
                .register(registry)
                .record(() -> {});
    }
}
