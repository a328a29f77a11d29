package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The classes of the packaged application: Cairn's own, and those of its libraries.
 *
 * @param libraries the jars that Quarkus has put beside it
 * @param builder what it has left for the builder of executables; nothing where the package is for a JVM
 */
record ApplicationClasses(List<Path> libraries, Optional<Path> builder) {

    private static final Path TARGET = Path.of("target");
    private static final Path OWN = TARGET.resolve("classes");
    private static final String FOR_JVM = "quarkus-app";
    private static final Pattern FOR_BUILDER = Pattern.compile("native-sources|.*-native-image-source-jar");
    private static final String ARGUMENTS = "native-image.args";
    private static final String EXCLUDE = "--exclude-config";

    /** Of the last package, for whichever machine it is. */
    static ApplicationClasses find() throws IOException {
        try (Stream<Path> directories = Files.list(TARGET)) {
            return in(directories
                    .filter(directory -> directory.endsWith(FOR_JVM) || isForBuilder(directory))
                    .filter(directory -> Files.isDirectory(directory.resolve("lib")))
                    .max(Comparator.comparing(
                            directory -> directory.resolve("lib").toFile().lastModified()))
                    .orElseThrow(() -> new IllegalStateException(
                            "nothing is packaged in " + TARGET + ": ./mvnw package does it")));
        }
    }

    private static boolean isForBuilder(Path directory) {
        return FOR_BUILDER.matcher(directory.getFileName().toString()).matches();
    }

    private static ApplicationClasses in(Path directory) throws IOException {
        Path lib = directory.resolve("lib");
        if (isForBuilder(directory)) {
            return new ApplicationClasses(jarsIn(lib), Optional.of(directory));
        }
        List<Path> jars = new ArrayList<>(jarsIn(lib.resolve("boot")));
        jars.addAll(jarsIn(lib.resolve("main")));
        return new ApplicationClasses(jars, Optional.empty());
    }

    private static List<Path> jarsIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    List<Path> classPath() {
        List<Path> all = new ArrayList<>(libraries);
        all.add(OWN);
        return all;
    }

    /** Everything that the builder would leave for run time: by Cairn, by libraries, by Quarkus. */
    Optional<RunTimeInitialized> runTimeInitialized() throws IOException {
        if (builder.isEmpty()) {
            return Optional.empty();
        }
        List<String> arguments = arguments(builder.get().resolve(ARGUMENTS));
        Set<String> names = new HashSet<>(RunTimeInitialized.inArguments(arguments));
        names.addAll(RunTimeInitialized.byCairn().names());
        for (Path jar : libraries) {
            names.addAll(inConfigurationOf(jar, arguments));
        }
        for (Path jar : jarsIn(builder.get())) {
            names.addAll(QuarkusFeature.in(jar));
        }
        return Optional.of(new RunTimeInitialized(names));
    }

    /** Only Quarkus' sources have them in a file; while it builds an executable it hands them over. */
    private static List<String> arguments(Path file) throws IOException {
        return Files.exists(file) ? Arrays.asList(Files.readString(file).trim().split("\\s+")) : List.of();
    }

    private static Set<String> inConfigurationOf(Path path, List<String> arguments) throws IOException {
        Set<String> names = new HashSet<>();
        try (JarFile jar = new JarFile(path.toFile())) {
            for (ZipEntry entry : jar.stream().toList()) {
                if (entry.getName().matches("META-INF/native-image/.*native-image\\.properties")
                        && !isExcluded(path, "/" + entry.getName(), arguments)) {
                    try (InputStream file = jar.getInputStream(entry)) {
                        names.addAll(RunTimeInitialized.inProperties(file));
                    }
                }
            }
        }
        return names;
    }

    /** Quarkus has configuration of its own in place of some libraries'. */
    private static boolean isExcluded(Path jar, String entry, List<String> arguments) {
        for (int i = 0; i + 2 < arguments.size(); i++) {
            if (arguments.get(i).equals(EXCLUDE)
                    && Pattern.compile(arguments.get(i + 1))
                            .matcher(jar.toString())
                            .find()
                    && Pattern.compile(arguments.get(i + 2)).matcher(entry).find()) {
                return true;
            }
        }
        return false;
    }
}
