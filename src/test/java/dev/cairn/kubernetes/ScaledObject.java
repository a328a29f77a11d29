package dev.cairn.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;

/** KEDA's kind, by its documentation of version 2.17. What is no {@code null} there is required. */
record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

    ScaledObject {
        Objects.requireNonNull(spec, "spec");
    }

    record Spec(
            Target scaleTargetRef,
            Integer pollingInterval,
            Integer initialCooldownPeriod,
            Integer cooldownPeriod,
            Integer idleReplicaCount,
            Integer minReplicaCount,
            Integer maxReplicaCount,
            Advanced advanced,
            List<Trigger> triggers,
            Fallback fallback) {

        Spec {
            Objects.requireNonNull(scaleTargetRef, "scaleTargetRef");
            triggers = List.copyOf(Objects.requireNonNull(triggers, "triggers"));
        }
    }

    record Target(String apiVersion, String kind, String name, String envSourceContainerName) {

        Target {
            Objects.requireNonNull(name, "name");
        }
    }

    record Advanced(
            HorizontalPodAutoscaler horizontalPodAutoscalerConfig,
            Boolean restoreToOriginalReplicaCount,
            ScalingModifiers scalingModifiers) {}

    record HorizontalPodAutoscaler(String name, HorizontalPodAutoscalerBehavior behavior) {}

    record ScalingModifiers(String formula, String target, String activationTarget, String metricType) {}

    record Trigger(
            String type,
            String name,
            Boolean useCachedMetrics,
            Map<String, String> metadata,
            Authentication authenticationRef,
            String metricType) {

        Trigger {
            Objects.requireNonNull(type, "type");
            metadata = Map.copyOf(Objects.requireNonNull(metadata, "metadata"));
        }
    }

    record Authentication(String name, String kind) {

        Authentication {
            Objects.requireNonNull(name, "name");
        }
    }

    record Fallback(Integer failureThreshold, Integer replicas, String behavior) {

        Fallback {
            Objects.requireNonNull(failureThreshold, "failureThreshold");
            Objects.requireNonNull(replicas, "replicas");
        }
    }
}
