package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.Map;

import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSettingsTest {

    @Test
    void shouldGiveEachClientWhatItKnowsAndWhatNobodyKnows() {
        // Given
        var kafka = new KafkaSettings(Map.of(
                "bootstrap.servers", "broker:9092",
                "max.poll.records", "100",
                "linger.ms", "5",
                "security.protocol", "SSL",
                "audit.plugin.target", "log"));

        // Then
        assertThat(kafka.consumer())
                .containsOnlyKeys("bootstrap.servers", "max.poll.records", "security.protocol", "audit.plugin.target");
        assertThat(kafka.producer())
                .containsOnlyKeys("bootstrap.servers", "linger.ms", "security.protocol", "audit.plugin.target");
        assertThat(kafka.admin()).containsOnlyKeys("bootstrap.servers", "security.protocol", "audit.plugin.target");
    }

    @Test
    void shouldGiveAMapOfItsOwnToEachClient() {
        // Given
        var kafka = new KafkaSettings(Map.of("bootstrap.servers", "broker:9092"));

        // When
        kafka.consumer().put("group.id", "flights");

        // Then
        assertThat(kafka.consumer()).containsOnlyKeys("bootstrap.servers");
    }

    @Test
    void shouldNotShowValues() {
        // Given
        var kafka = new KafkaSettings(Map.of("ssl.key.password", "hush"));

        // Then
        assertThat(kafka.toString()).contains("ssl.key.password").doesNotContain("hush");
    }

    @Test
    void shouldHideWhatMayBeAPassword() {
        // Given
        Config config = Configurations.with(
                Map.of("kafka.sasl.jaas.config", "hush ${user}", "kafka.audit.plugin.password", "hush ${user}"));

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .satisfies(error -> assertThat(error.getMessage())
                        .contains("kafka.sasl.jaas.config = \"hidden\"", "kafka.audit.plugin.password = \"hidden\"")
                        .doesNotContain("hush"));
    }

    @Test
    void shouldReadPropertiesAndVariablesOfTheClients() {
        // Given
        Config config = Configurations.with(
                Map.of("kafka.max.poll.records", " 100 ", "kafka.audit.plugin.target", "log"),
                Map.of("KAFKA_SSL_KEYSTORE_LOCATION", "/keys/store.p12", "KAFKA_BOOTSTRAP_SERVERS", "other:9092"));

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.kafka().clientProperties())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "bootstrap.servers", "other:9092",
                        "max.poll.records", "100",
                        "audit.plugin.target", "log",
                        "ssl.keystore.location", "/keys/store.p12"));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shouldIgnoreVariablesThatAreNoSettingsOfTheClients() {
        // Given
        Config config = Configurations.with(
                Map.of(),
                Map.of(
                        "KAFKA_HOME", "/opt/kafka",
                        "KAFKA_OPTS", "-Xmx1g",
                        "KAFKA_PORT", "tcp://10.0.0.1:9092",
                        "KAFKA_SERVICE_HOST", "10.0.0.1"));

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.kafka().clientProperties()).containsOnlyKeys("bootstrap.servers");
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shouldPassOnAnEmptyWordOnlyWhereItMeansSomething() {
        // Given
        Config config =
                Configurations.with(Map.of("kafka.ssl.endpoint.identification.algorithm", "", "kafka.group.id", ""));

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.kafka().clientProperties())
                .containsEntry("ssl.endpoint.identification.algorithm", "")
                .doesNotContainKey("group.id");
    }

    @Test
    void shouldWarnOfANameThatIsNearlyAClients() {
        // Given
        Config config = Configurations.with("kafka.sesion.timeout.ms", "15000");

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.warnings()).singleElement().asString().contains("Was kafka.session.timeout.ms meant?");
    }

    @ParameterizedTest
    @Tag("rule-S3")
    @CsvSource(delimiter = '|', textBlock = """
                    enable.auto.commit                    | false     | committed together with a checkpoint
                    group.protocol                        | consumer  | classic protocol
                    partition.assignment.strategy         | x.Y       | Cairn's own assignor
                    isolation.level                       | read_uncommitted | always read with read_committed
                    transactional.id                      | mine      | made from the job and the instance
                    group.id                              | mine      | Set cairn.job instead.
                    group.instance.id                     | mine      | Set cairn.instance instead.
                    auto.offset.reset                     | earliest  | Set cairn.input.start
                    key.deserializer                      | x.Y       | the processor declares
                    value.deserializer                    | x.Y       | the processor declares
                    key.serializer                        | x.Y       | the processor declares
                    value.serializer                      | x.Y       | the processor declares
                    enable.idempotence                    | false     | doubled or swapped
                    acks                                  | 1         | Write all, or remove it.
                    transaction.timeout.ms                | 60000     | Set execution.checkpointing.interval
                    transaction.two.phase.commit.enable   | true      | without a time-out
                    max.in.flight.requests.per.connection | 6         | from 1 to 5
                    retries                               | 0         | has to retry
                    session.timeout.ms                    | soon      | Not a number of type INT
                    compression.type                      | rar       | refused by Kafka's client
                    """)
    void shouldRefuse(String name, String value, String reason) {
        // Given
        Config config = Configurations.with("kafka." + name, value);

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageStartingWith(
                        "There is 1 problem in the settings:\n  - kafka." + name + " = \"" + value + "\": ")
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            textBlock = """
                    GSSAPI, kafka.sasl.mechanism = "GSSAPI": Kerberos does not work in a native executable.
                    none,   kafka.sasl.mechanism: with kafka.security.protocol = SASL_SSL the default is GSSAPI
                    """)
    void shouldRefuseKerberosInAnExecutable(String mechanism, String problem) {
        // Given
        Map<String, String> sasl = new HashMap<>(Map.of("kafka.security.protocol", "SASL_SSL"));
        if (mechanism != null) {
            sasl.put("kafka.sasl.mechanism", mechanism);
        }
        Config config = Configurations.with(sasl);
        assertThat(SettingsReader.read(config).kafka().clientProperties()).containsKey("security.protocol");

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> readInExecutable(config))
                .withMessageStartingWith("There is 1 problem in the settings:\n  - " + problem)
                .withMessageContaining("Run the jar or its image");
    }

    @ParameterizedTest
    @CsvSource({"SASL_SSL, SCRAM-SHA-512", "SSL, GSSAPI"})
    void shouldAcceptWhatIsNoKerberosInAnExecutable(String protocol, String mechanism) {
        // Given
        Config config =
                Configurations.with(Map.of("kafka.security.protocol", protocol, "kafka.sasl.mechanism", mechanism));

        // When
        Settings settings = readInExecutable(config);

        // Then
        assertThat(settings.kafka().clientProperties()).containsEntry("sasl.mechanism", mechanism);
    }

    /** What executables have is set only after the classes are initialized, which may look at it too. */
    private static Settings readInExecutable(Config config) {
        SettingsReader.read(config);
        System.setProperty("org.graalvm.nativeimage.imagecode", "runtime");
        try {
            return SettingsReader.read(config);
        } finally {
            System.clearProperty("org.graalvm.nativeimage.imagecode");
        }
    }

    @ParameterizedTest
    @Tag("rule-S3")
    @CsvSource({"acks, all", "acks, -1", "enable.idempotence, true", "max.in.flight.requests.per.connection, 5"})
    void shouldAcceptWhatKeepsTheProtocol(String name, String value) {
        // Given
        Config config = Configurations.with("kafka." + name, value);

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.kafka().producer()).containsEntry(name, value);
    }
}
