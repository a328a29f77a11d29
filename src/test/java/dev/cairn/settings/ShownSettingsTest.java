package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownSettingsTest {

    private static final String SECRET = "hunter2-and-some-more";

    @ParameterizedTest
    @CsvSource({
        "cairn.security.operator-token",
        "cairn.s3.kms-key",
        "cairn.enrich.api-key",
        "cairn.enrich.password",
        "cairn.security.operater-tokn",
        "cairn.securty.x",
        "cairn.enrich.url",
        "execution.nothing",
        "state.nothing",
        "taskmanager.nothing",
        "quarkus.datasource.pasword",
        "quarkus.oidc.credntials.x",
        "kafka.sasl.jaas.config",
        "kafka.ssl.keystore.password",
        "kafka.ssl.keystore.key",
        "kafka.some.plug.in",
        "quarkus.s3.aws.credentials.static-provider.secret-access-key",
        "quarkus.s3.aws.credentials.static-provider.access-key-id",
        "quarkus.oidc.credentials.secret",
        "quarkus.oidc.credentials.jwt.key",
        "quarkus.tls.key-store.p12.password",
        "quarkus.otel.exporter.otlp.headers",
        "quarkus.http.auth.session.encryption-key",
        "mp.messaging.incoming.cairn-events.sasl.jaas.config"
    })
    void shouldHideSecrets(String name) {
        assertThat(shown(Configurations.with(name, SECRET)))
                .hasEntrySatisfying(name, shown -> assertThat(shown.value()).isEqualTo("******"))
                .hasEntrySatisfying(name, shown -> assertThat(shown.isDefault()).isFalse())
                .allSatisfy((key, shown) -> assertThat(shown.value()).doesNotContain(SECRET));
    }

    @ParameterizedTest
    @CsvSource({
        "https://user:hunter2@proxy:8080/path, https://******@proxy:8080/path",
        "https://host/path?region=a&access_token=hunter2&x=1, https://host/path?region=a&access_token=******&x=1",
        "jdbc:postgresql://host/db?password=hunter2, jdbc:postgresql://host/db?password=******",
        "http://minio:9000, http://minio:9000"
    })
    void shouldHideCredentialsInUrls(String value, String shown) {
        assertThat(shown(Configurations.with("quarkus.s3.endpoint-override", value)))
                .hasEntrySatisfying("quarkus.s3.endpoint-override", setting -> assertThat(setting.value())
                        .isEqualTo(shown));
    }

    @Test
    void shouldShowEverySettingAndWhereItComesFrom() {
        // Given
        Config config = Configurations.with(
                Map.of("cairn.threads", "3", "kafka.security.protocol", "SSL", "cairn.aggregate.value", "/delay"),
                Map.of(
                        "STATE_BACKEND_TYPE", "hashmap",
                        "KAFKA_CLIENT_ID", "me",
                        "KAFKA_HOME", "/opt/kafka",
                        "CAIRN_AGGREGATE_KEYED", "yes"));

        // When
        Map<String, ShownSetting> shown = shown(config);

        // Then
        assertThat(shown.keySet())
                .containsAll(SettingCatalog.all().stream().map(Setting::name).toList());
        assertThat(shown.get("cairn.threads").value()).isEqualTo("3");
        assertThat(shown.get("cairn.threads").source()).contains("application.properties");
        assertThat(shown.get("cairn.threads").isDefault()).isFalse();
        assertThat(shown.get("state.backend").value()).isEqualTo("hashmap");
        assertThat(shown.get("state.backend").source()).contains("Env");
        assertThat(shown.get("execution.checkpointing.interval"))
                .isEqualTo(new ShownSetting("execution.checkpointing.interval", "10s", "default", true));
        assertThat(shown.get("kafka.security.protocol").value()).isEqualTo("SSL");
        assertThat(shown.get("kafka.client.id").value()).isEqualTo("me");
        assertThat(shown.get("cairn.aggregate.value").value()).isEqualTo("/delay");
        assertThat(shown).doesNotContainKeys("kafka.home", "kafka.linger.ms", "state.backend.type");
    }

    private static Map<String, ShownSetting> shown(Config config) {
        Map<String, ShownSetting> shown = new HashMap<>();
        ShownSettings.read(config).forEach(setting -> shown.put(setting.key(), setting));
        return shown;
    }
}
