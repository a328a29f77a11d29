package dev.cairn.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever one manifest names is there: objects, keys, labels, ports. */
class ReferencesTest {

    @ParameterizedTest
    @EnumSource
    void shouldHaveEveryObjectThatPodsName(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();

        for (Pods pods : manifests.pods()) {
            // When
            List<String> named = new ArrayList<>();
            named.add("ServiceAccount/" + pods.spec().getServiceAccountName());
            pods.everyContainer().forEach(container -> named.addAll(namedBy(container)));
            pods.spec().getVolumes().forEach(volume -> named.addAll(namedBy(volume)));

            // Then
            assertThat(named)
                    .as("%s of %s names what is not there", pods, overlay)
                    .allMatch(name -> (overlay == Overlay.DEV && name.equals("Secret/cairn-secrets"))
                            || manifests.all().stream()
                                    .anyMatch(manifest -> manifest.id().equals(name)));
        }
    }

    private static List<String> namedBy(Container container) {
        List<String> named = new ArrayList<>();
        container.getEnvFrom().forEach(source -> {
            Optional.ofNullable(source.getConfigMapRef()).ifPresent(map -> named.add("ConfigMap/" + map.getName()));
            Optional.ofNullable(source.getSecretRef()).ifPresent(secret -> named.add("Secret/" + secret.getName()));
        });
        container.getEnv().stream()
                .flatMap(variable -> Stream.ofNullable(variable.getValueFrom()))
                .forEach(source -> {
                    Optional.ofNullable(source.getConfigMapKeyRef())
                            .ifPresent(map -> named.add("ConfigMap/" + map.getName()));
                    Optional.ofNullable(source.getSecretKeyRef())
                            .ifPresent(secret -> named.add("Secret/" + secret.getName()));
                });
        return named;
    }

    private static List<String> namedBy(Volume volume) {
        List<String> named = new ArrayList<>();
        Optional.ofNullable(volume.getConfigMap()).ifPresent(map -> named.add("ConfigMap/" + map.getName()));
        Optional.ofNullable(volume.getSecret()).ifPresent(secret -> named.add("Secret/" + secret.getSecretName()));
        Optional.ofNullable(volume.getPersistentVolumeClaim())
                .ifPresent(claim -> named.add("PersistentVolumeClaim/" + claim.getClaimName()));
        return named;
    }

    @ParameterizedTest
    @EnumSource
    void shouldMountEveryVolumeOnceAndNoOther(Overlay overlay) {
        for (Pods pods : overlay.rendered().pods()) {
            // Given
            List<String> volumes = Stream.concat(
                            pods.spec().getVolumes().stream().map(Volume::getName),
                            pods.claims().stream()
                                    .map(claim -> claim.getMetadata().getName()))
                    .toList();

            // Then
            assertThat(pods.container().getVolumeMounts())
                    .as("%s", pods)
                    .extracting(VolumeMount::getName)
                    .containsExactlyInAnyOrderElementsOf(volumes);
            assertThat(pods.container().getVolumeMounts())
                    .extracting(VolumeMount::getMountPath)
                    .contains("/tmp")
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldRunAnImageOfItsOwnInEachOverlay() {
        assertThat(Stream.of(Overlay.values()))
                .extracting(
                        overlay -> overlay.rendered().pods().get(0).container().getImage())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunOneImage(Overlay overlay) {
        assertThat(overlay.rendered().pods())
                .extracting(pods -> pods.container().getImage())
                .containsOnly(overlay.rendered().pods().get(0).container().getImage())
                .allMatch(image -> image.matches(".+/cairn:[0-9.]+|cairn:dev"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldSelectPodsThatThereAre(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        StatefulSet set = manifests.only(StatefulSet.class);
        Pods workers = Pods.of(set);

        // Then
        assertThat(workers.labels())
                .containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels())
                .containsAllEntriesOf(manifests
                        .only(PodDisruptionBudget.class)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels());
        assertThat(manifests.of(Service.class)).hasSize(2).allSatisfy(service -> assertThat(workers.labels())
                .containsAllEntriesOf(service.getSpec().getSelector()));
        assertThat(workers.spec().getTopologySpreadConstraints()).hasSize(2).allSatisfy(constraint -> assertThat(
                        workers.labels())
                .containsAllEntriesOf(constraint.getLabelSelector().getMatchLabels()));
        assertThat(manifests.pods())
                .filteredOn(pods -> !pods.areWorkers())
                .noneMatch(pods -> matches(set.getSpec().getSelector(), pods.labels()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldPutEveryPodUnderANetworkPolicy(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        List<NetworkPolicy> policies = manifests.of(NetworkPolicy.class);

        // Then
        assertThat(manifests.pods()).allMatch(pods -> policies.stream()
                .anyMatch(policy -> matches(policy.getSpec().getPodSelector(), pods.labels())
                        && policy.getSpec().getPolicyTypes().containsAll(List.of("Ingress", "Egress"))));
        assertThat(policies).allMatch(policy -> manifests.pods().stream()
                .anyMatch(pods -> matches(policy.getSpec().getPodSelector(), pods.labels())));
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameThePortsThatTheWorkerHas(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        Container worker = Pods.of(manifests.only(StatefulSet.class)).container();

        // When
        Stream<IntOrString> services = manifests.of(Service.class).stream()
                .flatMap(service -> service.getSpec().getPorts().stream())
                .map(port -> port.getTargetPort());
        Stream<IntOrString> policies = manifests.of(NetworkPolicy.class).stream()
                .flatMap(policy -> policy.getSpec().getIngress().stream())
                .flatMap(rule -> rule.getPorts().stream())
                .map(NetworkPolicyPort::getPort);

        // Then
        assertThat(Stream.concat(services, policies))
                .hasSize(3)
                .extracting(IntOrString::getStrVal)
                .allMatch(name -> worker.getPorts().stream()
                        .anyMatch(port -> port.getName().equals(name)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveThePodsTheirNamesByAServiceWithoutAnAddress(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        String name = manifests.only(StatefulSet.class).getSpec().getServiceName();

        // Then
        assertThat(manifests.of(Service.class))
                .filteredOn(service -> service.getMetadata().getName().equals(name))
                .singleElement()
                .satisfies(
                        service -> assertThat(service.getSpec().getClusterIP()).isEqualTo("None"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldBindTheRoleToTheAccountOfThePods(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        RoleBinding binding = manifests.only(RoleBinding.class);
        PodSpec workers = Pods.of(manifests.only(StatefulSet.class)).spec();

        // Then
        assertThat(manifests.all())
                .extracting(Manifest::id)
                .contains(binding.getRoleRef().getKind() + "/"
                        + binding.getRoleRef().getName());
        assertThat(binding.getSubjects()).singleElement().satisfies(subject -> assertThat(subject.getName())
                .isEqualTo(workers.getServiceAccountName()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldBringTheDashboard(Overlay overlay) throws JsonProcessingException {
        // Given
        ConfigMap dashboard = overlay.rendered().of(ConfigMap.class).stream()
                .filter(map -> map.getMetadata().getName().equals("cairn-dashboard"))
                .findFirst()
                .orElseThrow();

        // Then
        assertThat(dashboard.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
        assertThat(new ObjectMapper()
                        .readTree(dashboard.getData().get("cairn.json"))
                        .path("panels"))
                .isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"PRODUCTION", "AWS"})
    void shouldScrapeEveryWorkerOnce(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        ServiceMonitor monitor = manifests.only(ServiceMonitor.class);
        Endpoint endpoint = monitor.getSpec().getEndpoints().get(0);

        // Then
        assertThat(manifests.of(Service.class))
                .filteredOn(service -> matches(
                        monitor.getSpec().getSelector(), service.getMetadata().getLabels()))
                .singleElement()
                .satisfies(service -> {
                    assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
                    assertThat(service.getSpec().getPorts())
                            .anyMatch(port -> port.getName().equals(endpoint.getPort()));
                });
        assertThat(endpoint.getPath()).isEqualTo("/q/metrics");
    }

    private static boolean matches(LabelSelector selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
    }
}
