package dev.cairn.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;

class DemoSettingsTest {

    @Test
    void shouldHaveSyntheticEventsByDefault() {
        // When
        DemoSettings settings = DemoSettings.read(Map.of(), Map.of());

        // Then
        assertThat(settings.file()).isEmpty();
        assertThat(settings.ratePerSecond()).hasValue(1000);
        assertThat(settings.directory()).isEqualTo(Path.of("data/demo").toAbsolutePath());
        assertThat(DemoJob.of(settings)).isEqualTo(new DemoJob("demo", "/amount"));
    }

    @Test
    void shouldPreferPropertiesToEnvironment() {
        // When
        DemoSettings settings = DemoSettings.read(
                Map.of("cairn.demo.rate", "max"), Map.of("CAIRN_DEMO_RATE", "5", "CAIRN_DEMO_DIR", "/x"));

        // Then
        assertThat(settings.ratePerSecond()).isEqualTo(OptionalInt.empty());
        assertThat(settings.directory()).isEqualTo(Path.of("/x"));
    }

    @Test
    void shouldGiveEachKindOfInputAJobOfItsOwn() {
        // When
        DemoSettings settings = DemoSettings.read(
                Map.of(
                        "cairn.demo.input",
                        "some/flights.ndjson",
                        "cairn.demo.key",
                        "/origin",
                        "cairn.aggregate.value",
                        "/delay"),
                Map.of());

        // Then
        assertThat(DemoJob.of(settings)).isEqualTo(new DemoJob("demo-flights-origin-delay", "/delay"));
    }

    @Test
    void shouldHandTheWorkersSettingsOn() {
        // When
        DemoSettings settings = DemoSettings.read(
                Map.of("execution.checkpointing.interval", "5s", "cairn.demo.rate", "5", "user.home", "/x"),
                Map.of("EXECUTION_CHECKPOINTING_INTERVAL", "7s", "STATE_BACKEND", "rocksdb", "HOME", "/x"));

        // Then
        assertThat(settings.worker())
                .isEqualTo(Map.of("EXECUTION_CHECKPOINTING_INTERVAL", "5s", "STATE_BACKEND", "rocksdb"));
    }

    @Test
    void shouldNameMissingKey() {
        assertThatThrownBy(() -> DemoSettings.read(Map.of("cairn.demo.input", "a.ndjson"), Map.of()))
                .isInstanceOf(DemoException.class)
                .hasMessageStartingWith("cairn.demo.key is missing");
    }

    @Test
    void shouldRefusePointerThatIsNone() {
        assertThatThrownBy(() ->
                        DemoSettings.read(Map.of("cairn.demo.input", "a.ndjson", "cairn.demo.key", "k"), Map.of()))
                .isInstanceOf(DemoException.class)
                .hasMessageStartingWith("cairn.demo.key=k is no JSON pointer");
    }

    @Test
    void shouldRefuseRateThatIsNone() {
        assertThatThrownBy(() -> DemoSettings.read(Map.of("cairn.demo.rate", "0"), Map.of()))
                .isInstanceOf(DemoException.class)
                .hasMessageStartingWith("cairn.demo.rate=0 is neither");
    }
}
