package dev.cairn.testkit.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The jars of libraries in what {@code ./mvnw package} has made: for a JVM, or else for the builder of native executables. */
public final class PackagedJars {

    private static final Path FOR_JVMS = Path.of("target", "quarkus-app", "lib");

    /** Quarkus marks a jar whose content it has changed. */
    private static final Pattern NAME = Pattern.compile("(?:modified-)?(.+?)-\\d[^/]*\\.jar");

    private PackagedJars() {}

    /**
     * Their sizes by their names, as in {@code org.rocksdb.rocksdbjni}.
     *
     * @throws IllegalStateException when nothing is packaged
     */
    public static Map<String, Long> bytesByName() {
        Path directory = Files.isDirectory(FOR_JVMS)
                ? FOR_JVMS
                : NativeSources.find()
                        .map(sources -> sources.directory().resolve("lib"))
                        .orElseThrow(() -> new IllegalStateException("nothing is packaged: ./mvnw package does it"));
        Map<String, Long> sizes = new TreeMap<>();
        for (Path jar : below(directory)) {
            Matcher name = NAME.matcher(jar.getFileName().toString());
            sizes.merge(
                    name.matches() ? name.group(1) : jar.getFileName().toString(),
                    jar.toFile().length(),
                    Math::max);
        }
        return sizes;
    }

    private static List<Path> below(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
