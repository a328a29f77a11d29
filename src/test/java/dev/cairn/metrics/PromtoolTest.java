package dev.cairn.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.kubernetes.Overlay;

/** What Prometheus itself says of the alerts, and of what the demo scrapes. */
class PromtoolTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @BeforeEach
    void require() {
        Promtool.require();
    }

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldTakeTheAlerts(Overlay overlay) throws Exception {
        // When
        Promtool.Verdict verdict = rules(spec(overlay));

        // Then
        assertThat(verdict.exitCode()).as(verdict.output()).isZero();
        assertThat(verdict.output()).containsPattern("SUCCESS: \\d+ rules found");
    }

    @Test
    void shouldRefuseAnAlertThatPrometheusCannotRead() throws Exception {
        // Given
        JsonNode spec = spec(Overlay.PRODUCTION);
        ((ObjectNode) spec.at("/groups/0/rules/0")).put("expr", "sum by (");

        // Then
        assertThat(rules(spec).exitCode()).isNotZero();
    }

    @Test
    void shouldTakeWhatTheDemoScrapes() throws Exception {
        // When
        Promtool.Verdict verdict =
                Promtool.check(Path.of("docker", "prometheus.yaml"), "config", "docker/prometheus.yaml");

        // Then
        assertThat(verdict.exitCode()).as(verdict.output()).isZero();
    }

    private static JsonNode spec(Overlay overlay) {
        return JSON.valueToTree(overlay.rendered().only(PrometheusRule.class).getSpec());
    }

    /** JSON is YAML. */
    private Promtool.Verdict rules(JsonNode spec) throws Exception {
        Path file = directory.resolve("rules.yaml");
        Files.writeString(file, spec.toString());
        return Promtool.check(file, "rules", file.toString());
    }
}
