package dev.cairn.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code ./mvnw package -Dnative} hands to the builder of native executables. */
public final class NativeSources {

    private static final Path TARGET = Path.of("target");
    private static final String ARGUMENTS = "native-image.args";

    private NativeSources() {}

    /** Their directory, with the jars in {@code lib}; nothing where none have been made. */
    public static Optional<Path> find() {
        if (!Files.isDirectory(TARGET)) {
            return Optional.empty();
        }
        try (Stream<Path> directories = Files.list(TARGET)) {
            return directories
                    .filter(directory ->
                            directory.getFileName().toString().matches("native-sources|.*-native-image-source-jar"))
                    .filter(directory -> Files.isDirectory(directory.resolve("lib")))
                    .max((one, other) -> Boolean.compare(hasArguments(one), hasArguments(other)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the builder is called with; nothing where {@code quarkus.native.sources-only} has not been set. */
    public static Optional<List<String>> arguments() {
        return find().filter(NativeSources::hasArguments).map(directory -> {
            try {
                return List.of(
                        Files.readString(directory.resolve(ARGUMENTS)).strip().split("\\s+"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static boolean hasArguments(Path directory) {
        return Files.isRegularFile(directory.resolve(ARGUMENTS));
    }
}
