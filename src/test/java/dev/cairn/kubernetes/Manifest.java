package dev.cairn.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One object of Kubernetes.
 *
 * @param tree as it was rendered
 * @param model the same, in the type of its kind
 */
record Manifest(JsonNode tree, Object model) {

    String kind() {
        return tree.path("kind").asText();
    }

    String name() {
        return tree.path("metadata").path("name").asText();
    }

    String namespace() {
        return tree.path("metadata").path("namespace").asText();
    }

    String id() {
        return kind() + "/" + name();
    }

    @Override
    public String toString() {
        return id();
    }
}
