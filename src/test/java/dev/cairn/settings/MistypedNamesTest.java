package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MistypedNamesTest {

    @ParameterizedTest
    @CsvSource({
        "cairn.input.topic, cairn.input.topics",
        "cairn.jobs, cairn.job",
        "cairn.deadletter.topic, cairn.dead-letter.topic",
        "state.checkpoint.dir, state.checkpoints.dir",
        "execution.checkpointing.min.pause, execution.checkpointing.min-pause",
        "taskmanager.state.local.rootdirs, taskmanager.state.local.root-dirs"
    })
    void shouldRefuseANameThatIsNearlyASettings(String mistyped, String meant) {
        // Given
        Config config = Configurations.with(mistyped, "x");

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageContaining(mistyped + ": there is no such setting. Write " + meant + ".");
    }

    @Test
    void shouldRefuseAVariableThatIsNearlyASettings() {
        // Given
        Config config = Configurations.with(Map.of(), Map.of("CAIRN_INPUT_TOPIC", "delays"));

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageContaining("There is 1 problem")
                .withMessageContaining("CAIRN_INPUT_TOPIC: there is no such setting. Write CAIRN_INPUT_TOPICS.");
    }

    @ParameterizedTest
    @CsvSource({
        "CAIRN_CHECKPOINT_INTERVAL, EXECUTION_CHECKPOINTING_INTERVAL",
        "CAIRN_STATE_CHECKPOINTS_DIR, STATE_CHECKPOINTS_DIR",
        "CAIRN_KAFKA_BOOTSTRAP_SERVERS, KAFKA_BOOTSTRAP_SERVERS",
        "CAIRN_JOB_NAME, CAIRN_JOB",
        "CAIRN_DEADLETTER_TOPICS_NAME, ''",
        "EXECUTION_CHECKPOINT_TIMEOUT, EXECUTION_CHECKPOINTING_TIMEOUT",
        "STATE_BACKEND_ROCKSDB_MEMORY, STATE_BACKEND_ROCKSDB_MEMORY_FIXED_PER_TM"
    })
    void shouldWarnOfAVariableThatSaysASettingInOtherWords(String written, String meant) {
        // Given
        Config config = Configurations.with(Map.of(), Map.of(written, "x"));

        // When
        List<String> warnings = SettingsReader.read(config).warnings();

        // Then
        if (meant.isEmpty()) {
            assertThat(warnings).isEmpty();
        } else {
            assertThat(warnings)
                    .containsExactly(written + " is not a setting of Cairn and has no effect. The nearest setting is "
                            + meant + ".");
        }
    }

    @Test
    void shouldTakeNoSettingOfAReadyMadeProcessorForASlip() {
        // Given
        Map<String, String> properties = new HashMap<>();
        Map<String, String> variables = new HashMap<>();
        SecretSettings.READY_MADE.forEach(name -> {
            properties.put(name, "x");
            variables.put(Setting.environmentVariable(name), "x");
        });

        // When
        Settings settings = SettingsReader.read(Configurations.with(properties, variables));

        // Then
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shouldLeaveTheSettingsOfProcessorsAlone() {
        // Given
        Config config = Configurations.with(
                Map.of(
                        "cairn.aggregate.value", "/delay",
                        "cairn.demo.input", "flights.ndjson",
                        "cairn.demo.key", "/origin",
                        "cairn.top.k", "3"),
                Map.of(
                        "CAIRN_VERSION", "0.1.0",
                        "CAIRN_AGGREGATE_VALUE", "/delay",
                        "CAIRN_PORT", "tcp://10.0.0.1:8080",
                        "CAIRN_SERVICE_PORT_HTTP", "8080"));

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shouldWarnOfFlinksSettingsThatHaveNoEffect() {
        // Given
        Config config = Configurations.with("state.backend.rocksdb.predefined-options", "FLASH_SSD_OPTIMIZED");

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.warnings())
                .containsExactly(
                        "state.backend.rocksdb.predefined-options is not a setting of Cairn and has no effect.");
    }
}
