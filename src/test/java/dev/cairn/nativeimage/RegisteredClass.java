package dev.cairn.nativeimage;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

/** What reflection can do with one class of an executable: everything that any configuration says of it. */
final class RegisteredClass {

    /** Since the configuration of one file, a class that is named can be asked for all of its members. */
    private static final List<String> QUERIES = List.of(
            "queryAllDeclaredMethods",
            "queryAllPublicMethods",
            "queryAllDeclaredConstructors",
            "queryAllPublicConstructors",
            "allDeclaredFields",
            "allPublicFields",
            "allRecordComponents",
            "allDeclaredClasses",
            "allPublicClasses");

    private static final Map<String, String> PRIMITIVES = Map.of(
            "boolean", "Z", "byte", "B", "char", "C", "short", "S", "int", "I", "long", "J", "float", "F", "double",
            "D");

    private final Set<String> flags = new HashSet<>();
    private final Set<String> methods = new HashSet<>();
    private final Set<String> queriedMethods = new HashSet<>();
    private final Set<String> fields = new HashSet<>();

    /** Adds an entry, in the form of {@code reflect-config.json} or of {@code reachability-metadata.json}. */
    void add(JsonNode entry) {
        entry.properties().forEach(attribute -> {
            if (attribute.getValue().asBoolean()) {
                flags.add(attribute.getKey());
            }
        });
        if (entry.has("type")) {
            flags.addAll(QUERIES);
        }
        entry.path("methods").forEach(method -> methods.add(signature(method)));
        entry.path("queriedMethods").forEach(method -> queriedMethods.add(signature(method)));
        entry.path("fields").forEach(field -> fields.add(field.path("name").asText()));
    }

    /** Adds everything, as features do. */
    void addEverything() {
        flags.addAll(QUERIES);
        flags.addAll(List.of("allDeclaredMethods", "allPublicMethods", "allDeclaredConstructors", "unsafeAllocated"));
    }

    private static String signature(JsonNode method) {
        String name = method.path("name").asText();
        if (!method.has("parameterTypes")) {
            return name;
        }
        StringBuilder signature = new StringBuilder(name).append('(');
        method.path("parameterTypes")
                .forEach(type -> signature.append(canonical(type.asText())).append(','));
        return signature.append(')').toString();
    }

    private static String signature(String name, List<String> parameters) {
        StringBuilder signature = new StringBuilder(name).append('(');
        parameters.forEach(type -> signature.append(canonical(type)).append(','));
        return signature.append(')').toString();
    }

    /** Configuration may say {@code byte[]} and {@code java.lang.String[]} where the JVM says {@code [B} and so on. */
    private static String canonical(String type) {
        String element = type;
        StringBuilder arrays = new StringBuilder();
        while (element.endsWith("[]")) {
            element = element.substring(0, element.length() - 2);
            arrays.append('[');
        }
        if (arrays.length() == 0) {
            return element;
        }
        String primitive = PRIMITIVES.get(element);
        return arrays + (primitive != null ? primitive : "L" + element + ";");
    }

    boolean hasConstructor(List<String> parameters, boolean isCalled) {
        return hasAny("allDeclaredConstructors", "allPublicConstructors")
                || has("<init>", parameters, isCalled)
                || (!isCalled && hasAny("queryAllDeclaredConstructors", "queryAllPublicConstructors"));
    }

    /** Methods that it declares itself. */
    boolean declares(String method, List<String> parameters, boolean isCalled) {
        return hasAny("allDeclaredMethods", "allPublicMethods")
                || has(method, parameters, isCalled)
                || (!isCalled && hasAny("queryAllDeclaredMethods", "queryAllPublicMethods"));
    }

    /** Methods that it has from others. */
    boolean inheritsAll(boolean isCalled) {
        return hasAny("allPublicMethods") || (!isCalled && hasAny("queryAllPublicMethods"));
    }

    private boolean has(String method, List<String> parameters, boolean isCalled) {
        String signature = signature(method, parameters);
        return methods.contains(signature)
                || methods.contains(method)
                || (!isCalled && (queriedMethods.contains(signature) || queriedMethods.contains(method)));
    }

    boolean hasField(String name) {
        return hasAny("allDeclaredFields", "allPublicFields") || fields.contains(name);
    }

    boolean isAllocatedWithoutConstructor() {
        return hasAny("unsafeAllocated");
    }

    /** Whether a method of {@link Class} that lists members lists them. */
    boolean lists(String listing) {
        return switch (listing) {
            case "getMethods", "getDeclaredMethods" ->
                !methods.isEmpty()
                        || hasAny(
                                "allDeclaredMethods",
                                "allPublicMethods",
                                "queryAllDeclaredMethods",
                                "queryAllPublicMethods");
            case "getConstructors", "getDeclaredConstructors" ->
                !methods.isEmpty()
                        || hasAny(
                                "allDeclaredConstructors",
                                "allPublicConstructors",
                                "queryAllDeclaredConstructors",
                                "queryAllPublicConstructors");
            case "getFields", "getDeclaredFields" ->
                !fields.isEmpty() || hasAny("allDeclaredFields", "allPublicFields");
            case "getRecordComponents" -> hasAny("allRecordComponents", "allDeclaredFields", "allDeclaredMethods");
            default -> true;
        };
    }

    private boolean hasAny(String... names) {
        return List.of(names).stream().anyMatch(flags::contains);
    }
}
