package dev.cairn.kubernetes;

import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;

/**
 * What makes pods.
 *
 * @param owner its kind and name
 * @param firstPod the name of the first pod
 * @param namespace theirs
 * @param template of each
 * @param claims that each gets a volume for
 */
public record Pods(
        String owner, String firstPod, String namespace, PodTemplateSpec template, List<PersistentVolumeClaim> claims) {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

    public Pods {
        claims = List.copyOf(claims);
    }

    static Pods of(StatefulSet set) {
        return new Pods(
                "StatefulSet/" + set.getMetadata().getName(),
                set.getMetadata().getName() + "-0",
                set.getMetadata().getNamespace(),
                set.getSpec().getTemplate(),
                set.getSpec().getVolumeClaimTemplates());
    }

    static Pods of(CronJob job) {
        return new Pods(
                "CronJob/" + job.getMetadata().getName(),
                job.getMetadata().getName() + "-1-x",
                job.getMetadata().getNamespace(),
                job.getSpec().getJobTemplate().getSpec().getTemplate(),
                List.of());
    }

    public boolean areWorkers() {
        return owner.startsWith("StatefulSet/");
    }

    PodSpec spec() {
        return template.getSpec();
    }

    Map<String, String> labels() {
        return template.getMetadata().getLabels();
    }

    /** The one container; more would need thought in several tests. */
    public Container container() {
        if (spec().getContainers().size() != 1) {
            throw new AssertionError(owner + " has not one container");
        }
        return spec().getContainers().get(0);
    }

    /** How long its pods have to end. */
    public long gracePeriodSeconds() {
        return spec().getTerminationGracePeriodSeconds();
    }

    /** How much of that passes before the worker is told. */
    public long preStopSeconds() {
        return container().getLifecycle().getPreStop().getSleep().getSeconds();
    }

    /** The environment that the first pod's container finds, with what {@link UserSecret} has. */
    public Map<String, String> environment(Manifests manifests) {
        Map<String, String> environment = new TreeMap<>();
        for (EnvFromSource source : container().getEnvFrom()) {
            if (source.getConfigMapRef() != null) {
                environment.putAll(
                        configMap(manifests, source.getConfigMapRef().getName()).getData());
            } else if (UserSecret.isNamed(source.getSecretRef().getName())) {
                environment.putAll(UserSecret.example());
            }
        }
        for (EnvVar variable : container().getEnv()) {
            String value = variable.getValueFrom() == null
                    ? expanded(variable.getValue(), environment)
                    : resolved(variable.getValueFrom());
            environment.put(variable.getName(), value);
        }
        return environment;
    }

    /** With variables that were set before, as {@code $(NAME)}. */
    private static String expanded(String value, Map<String, String> before) {
        return VARIABLE.matcher(value)
                .replaceAll(name -> Matcher.quoteReplacement(before.getOrDefault(name.group(1), name.group())));
    }

    private String resolved(EnvVarSource source) {
        if (source.getFieldRef() != null) {
            return switch (source.getFieldRef().getFieldPath()) {
                case "metadata.name" -> firstPod;
                case "metadata.namespace" -> namespace;
                default -> throw new AssertionError(source.getFieldRef() + " is not known");
            };
        }
        if (source.getResourceFieldRef() != null
                && source.getResourceFieldRef().getResource().equals("requests.cpu")) {
            // Kubernetes rounds up.
            return container()
                    .getResources()
                    .getRequests()
                    .get("cpu")
                    .getNumericalAmount()
                    .setScale(0, RoundingMode.CEILING)
                    .toString();
        }
        if (source.getSecretKeyRef() != null
                && UserSecret.isNamed(source.getSecretKeyRef().getName())) {
            String key = source.getSecretKeyRef().getKey();
            return Optional.ofNullable(UserSecret.example().get(key))
                    .orElseThrow(() -> new AssertionError("the example of the Secret has no " + key));
        }
        throw new AssertionError(source + " is not known");
    }

    private static ConfigMap configMap(Manifests manifests, String name) {
        return manifests.of(ConfigMap.class).stream()
                .filter(map -> map.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no ConfigMap " + name));
    }

    Stream<Container> everyContainer() {
        return Stream.of(spec().getInitContainers(), spec().getContainers()).flatMap(List::stream);
    }

    @Override
    public String toString() {
        return owner;
    }
}
