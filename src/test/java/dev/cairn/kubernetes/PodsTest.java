package dev.cairn.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pods may do, what they are given, and when they count as well. */
class PodsTest {

    private static final String RESTRICTED_WORKER = """
            apiVersion: apps/v1
            kind: StatefulSet
            spec:
              template:
                spec:
                  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: worker
                      ports: [{containerPort: 80}]
                      securityContext:
                        allowPrivilegeEscalation: false
                        readOnlyRootFilesystem: true
                        capabilities: {drop: [ALL]}
                  volumes:
                    - name: tmp
                      emptyDir: {}
            """;

    @ParameterizedTest
    @EnumSource
    void shouldBeRestricted(Overlay overlay) {
        for (Pods pods : overlay.rendered().pods()) {
            assertThat(RestrictedPodSecurity.violations(pods.spec()))
                    .as("%s", pods)
                    .isEmpty();
        }
        assertThat(overlay.rendered().only(Namespace.class).getMetadata().getLabels())
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    }

    static Stream<Named<Consumer<PodSpec>>> unrestricted() {
        return Stream.of(
                Named.of("host network", pod -> pod.setHostNetwork(true)),
                Named.of("root", pod -> pod.getSecurityContext().setRunAsNonRoot(null)),
                Named.of("user 0", pod -> pod.getSecurityContext().setRunAsUser(0L)),
                Named.of("no seccomp", pod -> pod.getSecurityContext().setSeccompProfile(null)),
                Named.of("no context", pod -> pod.setSecurityContext(null)),
                Named.of("disk of the host", pod -> pod.getVolumes().get(0).setEmptyDir(null)),
                Named.of("port of the host", pod -> only(pod).getPorts().get(0).setHostPort(80)),
                Named.of("no context of the container", pod -> only(pod).setSecurityContext(null)),
                Named.of("privileges", pod -> only(pod).getSecurityContext().setPrivileged(true)),
                Named.of("escalation", pod -> only(pod).getSecurityContext().setAllowPrivilegeEscalation(null)),
                Named.of("writable", pod -> only(pod).getSecurityContext().setReadOnlyRootFilesystem(false)),
                Named.of(
                        "root in the container",
                        pod -> only(pod).getSecurityContext().setRunAsUser(0L)),
                Named.of("capabilities", pod -> only(pod).getSecurityContext().setCapabilities(null)),
                Named.of(
                        "more of them",
                        pod -> only(pod).getSecurityContext().getCapabilities().setAdd(List.of("SYS_ADMIN"))),
                Named.of("an init container", pod -> pod.setInitContainers(List.of(new Container()))));
    }

    @ParameterizedTest
    @MethodSource("unrestricted")
    void shouldNoticeWhatIsNotRestricted(Consumer<PodSpec> change) {
        // Given
        PodSpec pod = Manifests.parse(RESTRICTED_WORKER)
                .only(StatefulSet.class)
                .getSpec()
                .getTemplate()
                .getSpec();
        assertThat(RestrictedPodSecurity.violations(pod)).isEmpty();

        // When
        change.accept(pod);

        // Then
        assertThat(RestrictedPodSecurity.violations(pod)).isNotEmpty();
    }

    private static Container only(PodSpec pod) {
        return pod.getContainers().get(0);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGuaranteeMemoryAndLimitNoProcessor(Overlay overlay) {
        for (Pods pods : overlay.rendered().pods()) {
            ResourceRequirements resources = pods.container().getResources();
            assertThat(resources.getRequests()).as("%s", pods).containsOnlyKeys("cpu", "memory");
            assertThat(resources.getLimits())
                    .as("%s", pods)
                    .isEqualTo(Map.of("memory", resources.getRequests().get("memory")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldUseAsManyProcessorsAsItAsksFor(Overlay overlay) {
        // Given
        Pods workers = workers(overlay);
        String processors =
                workers.container().getResources().getRequests().get("cpu").getAmount();

        // Then
        assertThat(workers.environment(overlay.rendered()))
                .containsEntry("CAIRN_THREADS", processors)
                .containsEntry("JDK_JAVA_OPTIONS", "-XX:ActiveProcessorCount=" + processors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldSetNoVariablesThatLookLikeSettings(Overlay overlay) {
        for (Pods pods : overlay.rendered().pods()) {
            assertThat(pods.spec().getEnableServiceLinks()).as("%s", pods).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldProbeWhatTheWorkerAnswers(Overlay overlay) {
        // Given
        Pods workers = workers(overlay);
        Map<String, Probe> probes = Map.of(
                "/q/health/started", workers.container().getStartupProbe(),
                "/q/health/live", workers.container().getLivenessProbe(),
                "/q/health/ready", workers.container().getReadinessProbe());

        // Then
        probes.forEach((path, probe) -> {
            assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
            assertThat(workers.container().getPorts()).anyMatch(port -> port.getName()
                    .equals(probe.getHttpGet().getPort().getStrVal()));
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepNameAndPartitionsOfARestartedWorker(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        Pods workers = workers(overlay);

        // Then
        assertThat(workers.environment(manifests))
                .containsEntry("CAIRN_INSTANCE", "cairn-0")
                .containsEntry("CAIRN_KUBERNETES_STATEFUL_SET", "cairn");
        StatefulSetSpec set = manifests.only(StatefulSet.class).getSpec();
        assertThat(set.getPodManagementPolicy()).isEqualTo("Parallel");
        assertThat(workers.container().getVolumeMounts())
                .anyMatch(mount -> mount.getMountPath()
                                .equals(workers.environment(manifests).get("TASKMANAGER_STATE_LOCAL_ROOT_DIRS"))
                        && mount.getName()
                                .equals(set.getVolumeClaimTemplates()
                                        .get(0)
                                        .getMetadata()
                                        .getName()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetTheWorkersAloneLookAtTheirOwnStatefulSetAlone(Overlay overlay) {
        // Given
        Manifests manifests = overlay.rendered();
        List<PolicyRule> rules = manifests.only(Role.class).getRules();

        // Then
        assertThat(rules).singleElement().satisfies(rule -> {
            assertThat(rule.getApiGroups()).containsExactly("apps");
            assertThat(rule.getResources()).containsExactly("statefulsets");
            assertThat(rule.getResourceNames())
                    .containsExactly(workers(overlay).environment(manifests).get("CAIRN_KUBERNETES_STATEFUL_SET"));
            assertThat(rule.getVerbs()).containsExactly("get");
        });
        assertThat(manifests.pods()).allSatisfy(pods -> assertThat(pods.spec().getAutomountServiceAccountToken())
                .isEqualTo(pods.areWorkers()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotRunTheSameJobTwiceAtATime(Overlay overlay) {
        assertThat(overlay.rendered().of(CronJob.class))
                .hasSize(2)
                .allSatisfy(
                        job -> assertThat(job.getSpec().getConcurrencyPolicy()).isEqualTo("Forbid"))
                .allSatisfy(job -> assertThat(job.getSpec().getSchedule()).matches("[0-9]+ [0-9]+ \\* \\* \\*"));
    }

    private static Pods workers(Overlay overlay) {
        return overlay.rendered().pods().stream()
                .filter(Pods::areWorkers)
                .findFirst()
                .orElseThrow();
    }
}
