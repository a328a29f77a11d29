package dev.cairn.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What people fill in, from an example; Kustomize makes a Secret of it, or they make one themselves. */
final class UserSecret {

    private static final Pattern NAME = Pattern.compile("cairn-secrets(-[a-z0-9]{10})?");

    private static final Path EXAMPLE = Path.of("k8s", "secret.env.example");

    private UserSecret() {}

    /** Whether this is the name of it, with the hash of its content or, where people make it, without. */
    static boolean isNamed(String name) {
        return NAME.matcher(name).matches();
    }

    /** As the file that the example is copied to. */
    static String file(Map<String, String> content) {
        return content.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"));
    }

    /** The example, filled in. */
    static Map<String, String> example() {
        try {
            return Files.readAllLines(EXAMPLE).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(
                            parts -> parts[0], parts -> parts[1].replace("change-me", "filled-in-for-" + parts[0])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
