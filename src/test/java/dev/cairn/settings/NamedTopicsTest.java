package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;

import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedTopicsTest {

    @Test
    void shouldReadTheTopicsOfNames() {
        // When
        JobSettings job = SettingsReader.read(Configurations.with(Map.of(
                        "cairn.input.customers.topic", "eu.customers",
                        "cairn.output.alerts.topic", "eu.alerts",
                        "cairn.output.topic", "totals",
                        "cairn.dead-letter.topic", "letters",
                        "cairn.errors", "dead-letter")))
                .job();

        // Then
        assertThat(job.inputTopics()).containsExactly("delays", "eu.customers");
        assertThat(job.namedInputs().topic("customers")).isEqualTo("eu.customers");
        assertThat(job.namedInputs().topic("delays")).isEqualTo("delays");
        assertThat(job.settingOfInput("delays")).isEqualTo("cairn.input.topics");
        assertThat(job.settingOfInput("eu.customers")).isEqualTo("cairn.input.customers.topic");
        assertThat(job.namedOutputs().topic("alerts")).isEqualTo("eu.alerts");
        assertThat(job.namedOutputs().topic("silence")).isEqualTo("silence");
        assertThat(job.writtenTopics())
                .isEqualTo(Map.of(
                        "totals", "cairn.output.topic",
                        "eu.alerts", "cairn.output.alerts.topic",
                        "letters", "cairn.dead-letter.topic"));
    }

    @Test
    void shouldNeedNoOtherInputs() {
        // When
        JobSettings job = SettingsReader.read(
                        Configurations.with(Map.of("cairn.input.topics", "", "cairn.input.orders.topic", "eu.orders")))
                .job();

        // Then
        assertThat(job.inputTopics()).containsExactly("eu.orders");
    }

    @Test
    void shouldReadTopicOnceThatIsNamedTwice() {
        // When
        JobSettings job = SettingsReader.read(Configurations.with("cairn.input.delays.topic", "delays"))
                .job();

        // Then
        assertThat(job.inputTopics()).containsExactly("delays");
    }

    @Test
    void shouldReadEnvironmentVariablesBeforeProperties() {
        // When
        Settings settings = SettingsReader.read(Configurations.with(
                Map.of("cairn.output.late-alerts.topic", "from-file", "cairn.input.topics", ""),
                Map.of(
                        "CAIRN_OUTPUT_LATE_ALERTS_TOPIC", "from-environment",
                        "CAIRN_INPUT_BIG_ORDERS_TOPIC", "eu.orders")));

        // Then
        assertThat(settings.job().namedOutputs().topic("late-alerts")).isEqualTo("from-environment");
        assertThat(settings.job().namedOutputs().topics()).containsExactly("from-environment");
        assertThat(settings.job().inputTopics()).containsExactly("eu.orders");
        assertThat(settings.job().namedInputs().topic("big-orders")).isEqualTo("eu.orders");
        assertThat(settings.job().namedInputs().topic("BigOrders")).isEqualTo("BigOrders");
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shouldNameSettingsOfOtherNames() {
        // Given
        JobSettings job = SettingsReader.read(Configurations.with(
                        Map.of("cairn.output.alarms.topic", "a", "cairn.output.silence.topic", "s")))
                .job();

        // Then
        assertThat(job.namedOutputs().others(List.of("silence", "alerts")))
                .containsExactly("cairn.output.alarms.topic");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                cairn.output.alerts.topic | delays   | also an input, so the job would read what it writes
                cairn.output.alerts.topic | a/b      | Kafka allows no topic named 'a/b'
                cairn.output.alerts.topic | ${other} | refers to something that is not set
                cairn.output.topic        | orders   | also one of cairn.input.topics
            """)
    void shouldRefuse(String setting, String topic, String sentence) {
        // Given
        Config config = Configurations.with(Map.of(setting, topic, "cairn.input.orders.topic", "orders"));

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageContaining("There is 1 problem")
                .withMessageContaining(setting)
                .withMessageContaining(sentence);
    }

    @Test
    void shouldRefuseTwoInputsOfOneTopic() {
        // Given
        Config config = Configurations.with(Map.of("cairn.input.a.topic", "orders", "cairn.input.b.topic", "orders"));

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageContaining("cairn.input.b.topic")
                .withMessageContaining("also the topic of cairn.input.a.topic");
    }
}
