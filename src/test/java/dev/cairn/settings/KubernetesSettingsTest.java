package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.smallrye.config.SmallRyeConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.kubernetes.Manifests;
import dev.cairn.kubernetes.Overlay;
import dev.cairn.kubernetes.Pods;

/** The environment that the manifests give to workers and commands. */
class KubernetesSettingsTest {

    private static final Set<String> ROOTS = Set.of("CAIRN_", "EXECUTION_", "KAFKA_", "STATE_", "TASKMANAGER_");

    /** The processor's, which the catalog does not know; and what the worker looks at where it ends. */
    private static final Set<String> BESIDE_THE_CATALOG = Set.of("CAIRN_AGGREGATE_VALUE");

    @ParameterizedTest
    @EnumSource
    void shouldSetNothingButSettings(Overlay overlay) {
        // Given
        Predicate<String> looksLikeASetting = name -> ROOTS.stream().anyMatch(name::startsWith);
        Set<String> known = Stream.of(
                        SettingCatalog.all().stream().flatMap(Setting::spellings),
                        KafkaSettings.knownNames().stream().map(name -> "kafka." + name))
                .flatMap(names -> names)
                .map(Setting::environmentVariable)
                .collect(Collectors.toSet());
        known.addAll(BESIDE_THE_CATALOG);
        Manifests manifests = overlay.rendered();

        for (Pods pods : manifests.pods()) {
            // When
            Map<String, String> environment = pods.environment(manifests);

            // Then
            assertThat(environment.keySet().stream().filter(looksLikeASetting))
                    .as("%s of %s", pods, overlay)
                    .isNotEmpty()
                    .isSubsetOf(known);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindNothingWrongWithThem(Overlay overlay) {
        Manifests manifests = overlay.rendered();
        for (Pods pods : manifests.pods()) {
            // When
            SmallRyeConfig config = Configurations.of(Map.of(), pods.environment(manifests));
            Settings settings = SettingsReader.read(config);

            // Then
            assertThat(settings.warnings()).as("%s of %s", pods, overlay).isEmpty();
            assertThat(CheckpointSettings.of(config).savepointsDir()).isPresent();
            assertThat(SecuritySettings.of(config)).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldGiveWorkersTheSecretByWhichTheyKnowEachOther(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        Map<String, String> environment = manifests.pods().get(0).environment(manifests);

        // When
        SecuritySettings security = SecuritySettings.of(Configurations.of(Map.of(), environment));

        // Then
        assertThat(security.peerSecret()).contains(environment.get("CAIRN_SECURITY_PEER_SECRET"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Overlay.class,
            names = {"PRODUCTION", "AWS"})
    void shouldTakeUserAndPasswordFromTheSecret(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        Map<String, String> environment = manifests.pods().get(0).environment(manifests);

        // When
        KafkaSettings kafka =
                SettingsReader.read(Configurations.of(Map.of(), environment)).kafka();

        // Then
        assertThat(kafka.clientProperties().get("sasl.jaas.config"))
                .contains(
                        "username=\"" + environment.get("SASL_USERNAME") + "\"",
                        "password=\"" + environment.get("SASL_PASSWORD") + "\"");
    }
}
