package dev.cairn.kubernetes;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * How many pods a StatefulSet is to have.
 *
 * @param replicas how many
 * @param start ordinal of the first one
 */
record StatefulSet(int replicas, int start) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern POD = Pattern.compile(".+-(\\d{1,9})");

    /** @throws IOException if it does not say */
    static StatefulSet parse(byte[] json) throws IOException {
        JsonNode spec = JSON.readTree(json).path("spec");
        if (!spec.path("replicas").isInt()) {
            throw new IOException("it has no spec.replicas");
        }
        return new StatefulSet(
                spec.path("replicas").intValue(),
                spec.path("ordinals").path("start").asInt(0));
    }

    /** The number at the end of a pod's name; empty for a name without. */
    static OptionalInt ordinal(String pod) {
        Matcher name = POD.matcher(pod);
        return name.matches() ? OptionalInt.of(Integer.parseInt(name.group(1))) : OptionalInt.empty();
    }

    /** Whether the pod of this ordinal is one of those to be had. */
    boolean wants(int ordinal) {
        return ordinal >= start && ordinal < start + replicas;
    }
}
