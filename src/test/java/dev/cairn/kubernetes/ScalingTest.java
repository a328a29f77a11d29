package dev.cairn.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That KEDA scales these workers by the lag of this job. */
class ScalingTest {

    /** What KEDA's documentation lists for its trigger {@code kafka}; whatever is read from elsewhere ends so. */
    private static final Set<String> PARAMETERS = Set.of(
            "bootstrapServers",
            "consumerGroup",
            "topic",
            "partitionLimitation",
            "lagThreshold",
            "activationLagThreshold",
            "offsetResetPolicy",
            "allowIdleConsumers",
            "excludePersistentLag",
            "scaleToZeroOnInvalidOffset",
            "limitToPartitionsWithLag",
            "ensureEvenDistributionOfPartitions",
            "version",
            "sasl",
            "tls",
            "unsafeSsl");

    private static final String FROM_VARIABLE = "FromEnv";

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldScaleTheWorkersWithinTheirPartitions(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        ScaledObject.Spec scaling = manifests.only(ScaledObject.class).spec();

        // Then
        assertThat(scaling.scaleTargetRef())
                .isEqualTo(new ScaledObject.Target("apps/v1", "StatefulSet", "cairn", "cairn"));
        assertThat(manifests.only(StatefulSet.class).getSpec().getReplicas())
                .as("replicas, which would undo what KEDA did")
                .isNull();
        assertThat(scaling.minReplicaCount()).isEqualTo(3);
        assertThat(scaling.maxReplicaCount()).isGreaterThanOrEqualTo(scaling.minReplicaCount());
        assertThat(only(scaling).metadata())
                .containsEntry("allowIdleConsumers", "false")
                .containsEntry("limitToPartitionsWithLag", "true");
    }

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldAskForTheLagOfTheWorkersGroup(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        Map<String, String> metadata =
                only(manifests.only(ScaledObject.class).spec()).metadata();
        Map<String, String> environment =
                Pods.of(manifests.only(StatefulSet.class)).environment(manifests);

        // Then
        assertThat(metadata.keySet())
                .allMatch(name -> PARAMETERS.contains(
                        name.endsWith(FROM_VARIABLE)
                                ? name.substring(0, name.length() - FROM_VARIABLE.length())
                                : name));
        assertThat(environment)
                .containsKeys(
                        metadata.get("bootstrapServersFromEnv"),
                        metadata.get("consumerGroupFromEnv"),
                        metadata.get("topicFromEnv"));
        assertThat(metadata)
                .containsEntry("consumerGroupFromEnv", "CAIRN_JOB")
                .containsEntry("topicFromEnv", "CAIRN_INPUT_TOPICS");
        assertThat(environment.get("CAIRN_INPUT_TOPICS"))
                .as("one topic, as there is one trigger")
                .doesNotContain(",");
    }

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldLogInAsTheWorkersDo(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        ScaledObject.Trigger trigger = only(manifests.only(ScaledObject.class).spec());
        TriggerAuthentication authentication = manifests.only(TriggerAuthentication.class);

        // Then
        assertThat(trigger.authenticationRef().name())
                .isEqualTo(authentication.metadata().getName());
        assertThat(authentication.spec().secretTargetRef())
                .extracting(TriggerAuthentication.SecretTarget::parameter)
                .containsExactlyInAnyOrder("username", "password");
        assertThat(authentication.spec().secretTargetRef())
                .allMatch(target -> UserSecret.isNamed(target.name())
                        && UserSecret.example().containsKey(target.key()));
    }

    private static ScaledObject.Trigger only(ScaledObject.Spec scaling) {
        List<ScaledObject.Trigger> triggers = scaling.triggers();
        assertThat(triggers).hasSize(1);
        return triggers.get(0);
    }
}
