package dev.cairn.kubernetes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;

/**
 * What belongs to one rendering.
 *
 * @param all in their order
 */
public record Manifests(List<Manifest> all) {

    public Manifests {
        all = List.copyOf(all);
    }

    /**
     * Reads documents of YAML strictly, see {@link Model}.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    static Manifests parse(String yaml) {
        List<Manifest> all = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                Model.strict().readerFor(JsonNode.class).readValues(yaml)) {
            while (documents.hasNextValue()) {
                all.add(Model.parse(documents.nextValue()));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not YAML: " + e.getMessage(), e);
        }
        return new Manifests(all);
    }

    /** Those of a type. */
    public <T> List<T> of(Class<T> type) {
        return all.stream()
                .map(Manifest::model)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** The only one of a type. */
    public <T> T only(Class<T> type) {
        List<T> found = of(type);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of " + type.getSimpleName());
        }
        return found.get(0);
    }

    /** What pods are made from. */
    public List<Pods> pods() {
        return Stream.concat(
                        of(StatefulSet.class).stream().map(Pods::of),
                        of(CronJob.class).stream().map(Pods::of))
                .toList();
    }

    boolean has(String kind, String name) {
        return all.stream().anyMatch(manifest -> manifest.id().equals(kind + "/" + name));
    }
}
