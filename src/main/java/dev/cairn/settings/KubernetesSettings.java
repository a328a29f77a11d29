package dev.cairn.settings;

import java.nio.file.Path;
import java.util.Optional;

import org.eclipse.microprofile.config.Config;

import dev.cairn.settings.Setting.Fallback;

/**
 * Where a worker stands in Kubernetes. Immutable.
 *
 * @param statefulSet name of the StatefulSet that the worker's pod is of; empty elsewhere
 * @param serviceAccount directory of the pod's token, namespace and certificate
 * @param podName name of the pod
 * @param apiServer host and port of Kubernetes' API
 */
public record KubernetesSettings(
        Optional<String> statefulSet, Path serviceAccount, Optional<String> podName, Optional<String> apiServer) {

    static final SettingGroup GROUP = new SettingGroup();

    static final Setting<Optional<String>> STATEFUL_SET = GROUP.add(
            "cairn.kubernetes.stateful-set",
            Fallback.none(),
            "Kubernetes' StatefulSet that the worker's pod is of: a worker that is scaled away leaves the group at once."
                    + " Needs the right to `get` it.",
            Parsers.optional(Parsers.name()));

    static final Setting<Path> SERVICE_ACCOUNT_DIR = GROUP.add(
            "cairn.kubernetes.service-account-dir",
            Fallback.of("/var/run/secrets/kubernetes.io/serviceaccount"),
            "Directory of the pod's token, namespace and certificate for Kubernetes' API.",
            Path::of);

    /** Reads them. @throws SettingsException if any cannot be used */
    public static KubernetesSettings of(Config config) {
        SettingValues values = GROUP.read(config);
        return new KubernetesSettings(
                values.get(STATEFUL_SET),
                values.get(SERVICE_ACCOUNT_DIR),
                Machine.hostName(config),
                Machine.kubernetesApi(config));
    }
}
