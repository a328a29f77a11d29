package dev.cairn.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;

/** Kubernetes' pod security standard "restricted", and a root file system that cannot be written to. */
final class RestrictedPodSecurity {

    private static final Set<String> MAY_BE_ADDED = Set.of("NET_BIND_SERVICE");
    private static final Set<String> PROFILES = Set.of("RuntimeDefault", "Localhost");

    private final List<String> violations = new ArrayList<>();

    private RestrictedPodSecurity() {}

    /** What is wrong with a pod; nothing where it would be let in. */
    static List<String> violations(PodSpec pod) {
        RestrictedPodSecurity check = new RestrictedPodSecurity();
        check.pod(pod);
        Stream.of(pod.getInitContainers(), pod.getContainers())
                .flatMap(List::stream)
                .forEach(check::container);
        return check.violations;
    }

    private void pod(PodSpec pod) {
        refuse(Boolean.TRUE.equals(pod.getHostNetwork()), "hostNetwork");
        refuse(Boolean.TRUE.equals(pod.getHostPID()), "hostPID");
        refuse(Boolean.TRUE.equals(pod.getHostIPC()), "hostIPC");
        refuse(!pod.getEphemeralContainers().isEmpty(), "ephemeralContainers");
        pod.getVolumes().forEach(volume -> refuse(!isAllowed(volume), "volume " + volume.getName()));
        PodSecurityContext context = pod.getSecurityContext();
        if (context == null) {
            violations.add("no securityContext");
            return;
        }
        refuse(!Boolean.TRUE.equals(context.getRunAsNonRoot()), "runAsNonRoot");
        refuse(context.getRunAsUser() != null && context.getRunAsUser() == 0, "runAsUser");
        refuse(!context.getSysctls().isEmpty(), "sysctls");
        refuse(context.getSeLinuxOptions() != null, "seLinuxOptions");
        refuse(
                context.getSeccompProfile() == null
                        || !PROFILES.contains(context.getSeccompProfile().getType()),
                "seccompProfile");
    }

    private static boolean isAllowed(Volume volume) {
        return Stream.of(
                        volume.getConfigMap(),
                        volume.getCsi(),
                        volume.getDownwardAPI(),
                        volume.getEmptyDir(),
                        volume.getEphemeral(),
                        volume.getPersistentVolumeClaim(),
                        volume.getProjected(),
                        volume.getSecret())
                .anyMatch(kind -> kind != null);
    }

    private void container(Container container) {
        for (ContainerPort port : container.getPorts()) {
            refuse(port.getHostPort() != null, "hostPort");
        }
        SecurityContext context = container.getSecurityContext();
        if (context == null) {
            violations.add("no securityContext of a container");
            return;
        }
        refuse(Boolean.TRUE.equals(context.getPrivileged()), "privileged");
        refuse(!Boolean.FALSE.equals(context.getAllowPrivilegeEscalation()), "allowPrivilegeEscalation");
        refuse(!Boolean.TRUE.equals(context.getReadOnlyRootFilesystem()), "readOnlyRootFilesystem");
        refuse(Boolean.FALSE.equals(context.getRunAsNonRoot()), "runAsNonRoot of a container");
        refuse(context.getRunAsUser() != null && context.getRunAsUser() == 0, "runAsUser of a container");
        refuse(context.getProcMount() != null, "procMount");
        refuse(context.getSeLinuxOptions() != null, "seLinuxOptions of a container");
        refuse(
                context.getSeccompProfile() != null
                        && !PROFILES.contains(context.getSeccompProfile().getType()),
                "seccompProfile of a container");
        Optional<Capabilities> capabilities = Optional.ofNullable(context.getCapabilities());
        refuse(capabilities.filter(some -> some.getDrop().contains("ALL")).isEmpty(), "capabilities are not dropped");
        refuse(
                capabilities
                        .filter(some -> !MAY_BE_ADDED.containsAll(some.getAdd()))
                        .isPresent(),
                "capabilities are added");
    }

    private void refuse(boolean wrong, String what) {
        if (wrong) {
            violations.add(what);
        }
    }
}
