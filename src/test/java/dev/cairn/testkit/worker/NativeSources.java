package dev.cairn.testkit.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Quarkus hands to the builder of a native executable: the application's jar, those of its libraries in {@code lib}, and,
 * with {@code -Dquarkus.native.sources-only=true}, the builder's arguments.
 *
 * @param directory that they are in
 */
public record NativeSources(Path directory) {

    private static final Path TARGET = Path.of("target");
    private static final String ARGUMENTS = "native-image.args";

    /** Those of the last package, preferably with arguments; nothing where none have been made. */
    public static Optional<NativeSources> find() {
        if (!Files.isDirectory(TARGET)) {
            return Optional.empty();
        }
        try (Stream<Path> directories = Files.list(TARGET)) {
            return directories
                    .filter(NativeSources::isNamedSo)
                    .filter(directory -> Files.isDirectory(directory.resolve("lib")))
                    .map(NativeSources::new)
                    .max(Comparator.comparing(NativeSources::haveArguments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether Quarkus calls a directory so that it makes them in. */
    public static boolean isNamedSo(Path directory) {
        return directory.getFileName().toString().matches("native-sources|.*-native-image-source-jar");
    }

    /** Whether the arguments are in a file: while Quarkus builds an executable, it hands them over. */
    public boolean haveArguments() {
        return Files.isRegularFile(directory.resolve(ARGUMENTS));
    }

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

    /** Every jar. */
    public List<Path> jars() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
