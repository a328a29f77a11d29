package dev.cairn.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a worker stands in Kubernetes. Immutable.
 *
 * @param statefulSet name of the StatefulSet that the worker's pod is of; empty elsewhere
 * @param serviceAccount directory of the pod's token, namespace and certificate
 * @param podName name of the pod
 * @param apiServer host and port of Kubernetes' API
 */
public record KubernetesSettings(
        Optional<String> statefulSet, Path serviceAccount, Optional<String> podName, Optional<String> apiServer) {}
