package dev.cairn.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** The Secret that is not among the manifests: people make it, from an example. */
final class UserSecret {

    static final String NAME = "cairn";

    private static final Path EXAMPLE = Path.of("k8s", "secret.env.example");

    private UserSecret() {}

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
