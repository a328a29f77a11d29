package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.kubernetes.Manifests;
import dev.cairn.kubernetes.Overlay;
import dev.cairn.kubernetes.Pods;
import dev.cairn.settings.Settings;
import dev.cairn.settings.SettingsReader;

/** That Kubernetes lets a worker take its last checkpoint. */
class GracePeriodTest {

    /** For clients to close, and the JVM to end. */
    private static final Duration REST = Duration.ofSeconds(30);

    @ParameterizedTest
    @EnumSource
    void shouldLastForTheLongestCheckpoint(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        Pods workers =
                manifests.pods().stream().filter(Pods::areWorkers).findFirst().orElseThrow();
        Map<String, String> environment = workers.environment(manifests);
        Settings settings = SettingsReader.read(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new EnvConfigSource(environment, 300))
                .build());

        // When
        Duration needed = Duration.ofSeconds(workers.preStopSeconds())
                .plus(settings.checkpoints().timeout())
                .plus(Worker.STOP_MARGIN)
                .plus(REST);

        // Then
        assertThat(Duration.ofSeconds(workers.gracePeriodSeconds()))
                .as("terminationGracePeriodSeconds; Kubernetes kills what takes longer")
                .isGreaterThanOrEqualTo(needed);
    }
}
