package dev.cairn.nativeimage;

import java.util.List;
import java.util.stream.Collectors;

import dev.cairn.testkit.trace.Access;

/** Something that is reached by name on a JVM, and that an executable does not have. */
record Gap(Access access) {

    private static final int FRAMES = 6;

    /** What the file of exceptions calls it. */
    static String nameOf(Access access) {
        return switch (access.kind()) {
            case "method", "field", "constructor" -> access.declaring() + "." + access.member();
            case "proxy" -> String.join(",", access.parameters());
            default -> access.owner();
        };
    }

    /** Where it comes from, and what would close it. */
    String describe() {
        List<String> frames = access.frames();
        return access.what() + ", reached by " + access.by() + "\n    from "
                + frames.stream().limit(FRAMES).collect(Collectors.joining("\n    from "))
                + "\n    to add to " + file() + ": " + line();
    }

    private String file() {
        return switch (access.kind()) {
            case "resource", "bundle" -> "resource-config.json";
            case "proxy" -> "proxy-config.json";
            case "serialized" -> "serialization-config.json";
            case "library" -> "NativeLibraries, or " + ReviewedAccesses.FILE;
            default -> "reflect-config.json";
        };
    }

    private String line() {
        String name = "{\"name\": \"" + access.declaring() + "\", ";
        return switch (access.kind()) {
            case "method", "constructor" ->
                name + "\"methods\": [{\"name\": \"" + access.member() + "\", \"parameterTypes\": ["
                        + quoted(access.parameters()) + "]}]}";
            case "field" -> name + "\"fields\": [{\"name\": \"" + access.member() + "\"}]}";
            case "all" -> name + "\"" + flag(access.member()) + "\": true}";
            case "allocated" -> "{\"name\": \"" + access.owner() + "\", \"unsafeAllocated\": true}";
            case "resource" -> "{\"pattern\": \"" + access.owner().replaceAll("([.$])", "\\\\\\\\$1") + "\"}";
            case "proxy" -> "[" + quoted(access.parameters()) + "]";
            default -> "{\"name\": \"" + access.owner() + "\"}";
        };
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
    }

    /** {@code getDeclaredMethods} asks for {@code queryAllDeclaredMethods}; fields have no such flag of their own. */
    private static String flag(String method) {
        String what = method.substring("get".length());
        String all = what.startsWith("Declared") ? "All" + what : "AllPublic" + what;
        return switch (method) {
            case "getFields", "getDeclaredFields", "getClasses", "getDeclaredClasses" -> "a" + all.substring(1);
            case "getRecordComponents" -> "allRecordComponents";
            default -> "query" + all;
        };
    }
}
