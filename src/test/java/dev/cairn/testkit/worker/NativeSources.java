package dev.cairn.testkit.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Quarkus hands to the builder of a native executable with {@code -Dquarkus.native.sources-only=true}: the application's
 * jar, those of its libraries in {@code lib}, and the builder's arguments.
 *
 * @param directory that they are in
 */
public record NativeSources(Path directory) {

    private static final String ARGUMENTS = "native-image.args";

    /** The arguments of the builder. */
    public List<String> arguments() {
        try {
            return List.of(
                    Files.readString(directory.resolve(ARGUMENTS)).strip().split("\\s+"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks that the executable would have the limits that the images have. */
    public void assertLimited() {
        List<String> arguments = arguments();
        assertThat(arguments).contains("-R:MaximumHeapSizePercent=40", "-R:+ExitOnOutOfMemoryError");
        if (System.getProperty("os.arch").equals("amd64")) {
            assertThat(arguments).contains("-march=x86-64-v2");
        }
    }

    /** Every jar, the application's own first, as on the builder's class path. */
    public List<Path> jars() {
        return Stream.of(directory, directory.resolve("lib"))
                .flatMap(each -> jarsIn(each).stream())
                .toList();
    }

    /** The jars of the libraries. Quarkus marks one whose content it has changed: {@code modified-}. */
    public List<Path> libraries() {
        return jarsIn(directory.resolve("lib"));
    }

    private static List<Path> jarsIn(Path directory) {
        try (Stream<Path> files = Files.exists(directory) ? Files.list(directory) : Stream.empty()) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
