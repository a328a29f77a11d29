package dev.cairn.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every manifest, rendered, in the type of its kind; and that nothing wrong would get through. */
class KubernetesManifestsTest {

    /** Objects whose keys are free. */
    private static final Set<String> FREE =
            Set.of("labels", "annotations", "matchLabels", "data", "requests", "limits");

    /** Fields that take a number or a name. */
    private static final Set<String> NUMBER_OR_NAME = Set.of("port", "targetPort", "maxUnavailable");

    @Test
    void shouldTestEveryOverlay() throws IOException {
        // Given
        Set<Path> directories;
        try (Stream<Path> found = Files.list(Overlay.ALL)) {
            directories = Set.copyOf(found.toList());
        }

        // Then
        assertThat(Stream.of(Overlay.values()).map(Overlay::directory))
                .containsExactlyInAnyOrderElementsOf(directories);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRenderManifestsOfKnownKindsAndFields(Overlay overlay) {
        // When
        Manifests manifests = overlay.rendered();

        // Then
        assertThat(manifests.all())
                .extracting(Manifest::id)
                .doesNotHaveDuplicates()
                .contains(
                        "StatefulSet/cairn",
                        "Service/cairn",
                        "Service/cairn-workers",
                        "PodDisruptionBudget/cairn",
                        "NetworkPolicy/cairn",
                        "NetworkPolicy/cairn-workers",
                        "CronJob/cairn-gc",
                        "CronJob/cairn-savepoint",
                        "ConfigMap/cairn-dashboard");
        assertThat(manifests.all())
                .filteredOn(manifest -> !manifest.kind().equals("Namespace"))
                .extracting(Manifest::namespace)
                .containsOnly(manifests.all().stream()
                        .filter(manifest -> manifest.kind().equals("Namespace"))
                        .map(Manifest::name)
                        .findFirst()
                        .orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldWatchAndScaleInProduction(Overlay overlay) {
        // Then
        assertThat(overlay.rendered().all())
                .extracting(Manifest::id)
                .contains("ServiceMonitor/cairn", "PrometheusRule/cairn", "ScaledObject/cairn");
    }

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldRestartTheWorkersWhenASecretChanges(Overlay overlay) {
        // Given
        Map<String, String> secrets = new HashMap<>(UserSecret.example());
        Manifests before = overlay.rendered(secrets);

        // When
        secrets.put("SASL_PASSWORD", "another");
        Manifests after = overlay.rendered(secrets);

        // Then: pods are made from another template, and everything names the new Secret
        assertThat(after.only(StatefulSet.class).getSpec().getTemplate())
                .isNotEqualTo(before.only(StatefulSet.class).getSpec().getTemplate());
        String name = after.only(Secret.class).getMetadata().getName();
        assertThat(name).startsWith("cairn-secrets-");
        assertThat(before.only(Secret.class).getMetadata().getName()).isNotEqualTo(name);
        Container worker = Pods.of(after.only(StatefulSet.class)).container();
        assertThat(worker.getEnvFrom())
                .anyMatch(source -> source.getSecretRef() != null
                        && source.getSecretRef().getName().equals(name));
        assertThat(worker.getEnv().stream()
                        .filter(variable -> variable.getValueFrom() != null
                                && variable.getValueFrom().getSecretKeyRef() != null)
                        .map(variable ->
                                variable.getValueFrom().getSecretKeyRef().getName()))
                .containsOnly(name);
        assertThat(after.only(TriggerAuthentication.class).spec().secretTargetRef())
                .extracting(TriggerAuthentication.SecretTarget::name)
                .containsOnly(name);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseAnUnknownFieldWhereverItIs(Overlay overlay) {
        // Given
        List<String> accepted = new ArrayList<>();
        for (Manifest manifest : overlay.rendered().all()) {
            for (JsonPointer place : places(manifest.tree())) {
                if (manifest.tree().at(place) instanceof ObjectNode && !isFree(place)) {
                    for (String unknown : List.of("replicsa", "additionalProperties")) {
                        // When
                        ObjectNode changed = manifest.tree().deepCopy();
                        ((ObjectNode) changed.at(place)).putObject(unknown);
                        if (isAccepted(changed)) {
                            accepted.add(manifest + " with " + place + "/" + unknown);
                        }
                    }
                }
            }
        }

        // Then
        assertThat(accepted).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseAValueOfAnotherTypeWhereverItIs(Overlay overlay) {
        // Given
        List<String> accepted = new ArrayList<>();
        for (Manifest manifest : overlay.rendered().all()) {
            for (JsonPointer place : places(manifest.tree())) {
                if (place.head() != null
                        && !NUMBER_OR_NAME.contains(place.last().getMatchingProperty())) {
                    // When
                    ObjectNode changed = manifest.tree().deepCopy();
                    replaceByAnotherType(changed, place);
                    if (isAccepted(changed)) {
                        accepted.add(manifest + " with " + place + " = " + changed.at(place));
                    }
                }
            }
        }

        // Then
        assertThat(accepted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {port: 8080}}",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {enabled: true}}",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {version: 1.5}}}",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, name: b}}",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: 5}}",
                "{apiVersion: v1, kind: ConfigMap, metadata: {nmae: a}}",
                "{apiVersion: v1, kind: Configmap, metadata: {name: a}}",
                "{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: a}}",
                "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80.5}]}}",
                "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{targetPort: true}]}}",
                "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: {port: 80}}}",
                "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {publishNotReadyAddresses: 'true'}}",
                "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {replicas: '3'}}",
                "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {resources: {requests: {storage:"
                        + " 5GB}}}}",
                "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a}, spec: {triggers: []}}",
                "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a}, spec: {scaleTargetRef: {name: a},"
                        + " triggers: [{type: kafka, metadata: {allowIdleConsumers: false}}]}}",
            })
    void shouldRefuseWhatAnApiServerRefuses(String wrong) {
        assertThatThrownBy(() -> Manifests.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean isAccepted(ObjectNode tree) {
        try {
            Model.parse(tree);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Text becomes a truth value, and anything else becomes text. */
    private static void replaceByAnotherType(ObjectNode tree, JsonPointer place) {
        JsonNode another = tree.at(place).isTextual() ? BooleanNode.TRUE : TextNode.valueOf("x");
        JsonNode parent = tree.at(place.head());
        if (parent instanceof ArrayNode items) {
            items.set(place.last().getMatchingIndex(), another);
        } else {
            ((ObjectNode) parent).set(place.last().getMatchingProperty(), another);
        }
    }

    private static boolean isFree(JsonPointer place) {
        if (place.last() == null) {
            return false;
        }
        String name = place.last().getMatchingProperty();
        return FREE.contains(name)
                || (name.equals("metadata") && place.toString().contains("/triggers/"));
    }

    /** Every object, list and value of a tree. */
    private static List<JsonPointer> places(JsonNode tree) {
        List<JsonPointer> places = new ArrayList<>();
        add(tree, JsonPointer.empty(), places);
        return places;
    }

    private static void add(JsonNode node, JsonPointer place, List<JsonPointer> places) {
        places.add(place);
        node.properties().forEach(field -> add(field.getValue(), place.appendProperty(field.getKey()), places));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            add(node.get(i), place.appendIndex(i), places);
        }
    }
}
