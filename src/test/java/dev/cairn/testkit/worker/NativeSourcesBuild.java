package dev.cairn.testkit.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import dev.cairn.testkit.ChildProcess;

/**
 * What the builder of native executables would get, made by the project's own Maven as {@code ./mvnw package -Dnative
 * -Dquarkus.native.sources-only=true} makes it. It is made in a directory of its own: what is packaged stays as it is.
 *
 * <p>The first test that asks for the worker's makes them; the other test processes of a run wait for it, and take the same.
 */
public final class NativeSourcesBuild {

    private static final Path WORKER = Path.of("target", "native-sources-build");
    private static final Path LOCK = Path.of("target", "native-sources-build.lock");

    /** What they were made of; written when they are complete. */
    private static final Path MADE_OF = WORKER.resolve("made-of.txt");

    private static final Path POM = Path.of("pom.xml");
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private NativeSourcesBuild() {}

    /**
     * Those of the worker, of the classes in {@code target}.
     *
     * @return the directory that they are in
     * @throws AssertionError with Maven's words when it fails
     */
    public static synchronized NativeSources ofWorker() {
        try (FileChannel lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Released when the file is closed.
            lock.lock();
            List<String> parts = parts();
            if (Files.exists(MADE_OF) && Files.readAllLines(MADE_OF).equals(parts)) {
                return in(WORKER);
            }
            NativeSources made = of(Path.of(""), WORKER, SampleApplication.fetched(), List.of());
            Files.write(MADE_OF, parts);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the native sources of the worker", e);
        }
    }

    /** Each file that they are made of, with a checksum. */
    private static List<String> parts() throws IOException {
        List<String> parts = new ArrayList<>();
        try (Stream<Path> classes = Files.walk(CLASSES)) {
            for (Path file : Stream.concat(
                            Stream.of(POM), classes.filter(Files::isRegularFile).sorted())
                    .toList()) {
                CRC32 checksum = new CRC32();
                checksum.update(Files.readAllBytes(file));
                parts.add(file + " " + checksum.getValue());
            }
        }
        return parts;
    }

    private static NativeSources in(Path copy) {
        return new NativeSources(copy.resolve("target").resolve("native-sources"));
    }

    /**
     * Those of another project, whose classes are compiled.
     *
     * @param project where it is
     * @param copy where to build
     * @param repository of Maven
     * @param arguments more of them for Maven
     */
    static NativeSources of(Path project, Path copy, String repository, List<String> arguments) {
        Path pom = copy.resolve(POM);
        try {
            clear(copy);
            SampleApplication.copy(project.resolve(CLASSES), copy.resolve(CLASSES));
            SampleApplication.copyFile(project.resolve(POM), pom);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare the build of native sources", e);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of("mvnw").toAbsolutePath().toString(),
                "-B",
                "-ntp",
                "-f",
                pom.toString(),
                "quarkus:build",
                "-Dnative",
                "-Dquarkus.native.enabled=true",
                "-Dquarkus.package.jar.enabled=false",
                "-Dquarkus.native.sources-only=true",
                "-Dmaven.repo.local=" + repository));
        command.addAll(arguments);
        try (ChildProcess maven = ChildProcess.start(
                "build of native sources",
                command,
                SampleApplication::environment,
                Path.of("").toAbsolutePath(),
                copy.resolve("build.log"),
                line -> {})) {
            maven.awaitOutput(Pattern.compile("BUILD SUCCESS"), 0, LIMIT);
            maven.awaitExit(LIMIT);
        }
        return in(copy);
    }

    /** What an earlier build has left. */
    private static void clear(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
