package dev.cairn.kubernetes;

import java.util.List;
import java.util.Objects;

import io.fabric8.kubernetes.api.model.ObjectMeta;

/** KEDA's kind, by its documentation of version 2.17, as far as it is about Secrets. */
record TriggerAuthentication(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

    TriggerAuthentication {
        Objects.requireNonNull(spec, "spec");
    }

    record Spec(List<SecretTarget> secretTargetRef) {

        Spec {
            secretTargetRef = List.copyOf(Objects.requireNonNull(secretTargetRef, "secretTargetRef"));
        }
    }

    record SecretTarget(String parameter, String name, String key) {

        SecretTarget {
            Objects.requireNonNull(parameter, "parameter");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(key, "key");
        }
    }
}
