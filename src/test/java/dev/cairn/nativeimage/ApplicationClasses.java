package dev.cairn.nativeimage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.cairn.testkit.worker.NativeSources;

/**
 * The classes of the packaged application: Cairn's own, and those of its libraries.
 *
 * @param libraries the jars that Quarkus has put next to it
 * @param builder what it has left for the builder of executables; nothing where the package is for a JVM
 */
record ApplicationClasses(List<Path> libraries, Optional<NativeSources> builder) {

    private static final Path TARGET = Path.of("target");
    private static final Path OWN = TARGET.resolve("classes");
    private static final String FOR_JVM = "quarkus-app";

    /** Of the last package, for whichever machine it is. */
    static ApplicationClasses find() throws IOException {
        try (Stream<Path> directories = Files.list(TARGET)) {
            return in(directories
                    .filter(directory -> directory.endsWith(FOR_JVM) || NativeSources.isNamedSo(directory))
                    .filter(directory -> Files.isDirectory(directory.resolve("lib")))
                    .max(Comparator.comparing(
                            directory -> directory.resolve("lib").toFile().lastModified()))
                    .orElseThrow(() -> new IllegalStateException(
                            "nothing is packaged in " + TARGET + ": ./mvnw package does it")));
        }
    }

    private static ApplicationClasses in(Path directory) throws IOException {
        Path lib = directory.resolve("lib");
        if (NativeSources.isNamedSo(directory)) {
            return new ApplicationClasses(jarsIn(lib), Optional.of(new NativeSources(directory)));
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
    Optional<RunTimeInitialized> runTimeInitialized() {
        return builder.map(sources -> {
            List<Path> jars = sources.jars();
            ExecutableMetadata metadata =
                    ExecutableMetadata.of(jars, sources.haveArguments() ? sources.arguments() : List.of());
            try (Bytecode classes = Bytecode.of(jars)) {
                return RunTimeInitialized.by(metadata, classes);
            }
        });
    }
}
