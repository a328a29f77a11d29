package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Quarkus hands to the builder of an executable ({@code -Dquarkus.native.sources-only=true}): its arguments, and the
 * class path.
 *
 * @param directory with the arguments, the application's jar, and {@code lib}
 */
record NativeSources(Path directory) {

    /** The arguments of the builder. */
    List<String> arguments() {
        try {
            return List.of(
                    Files.readString(directory.resolve("native-image.args")).split("\\s+"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every jar. */
    List<Path> jars() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
