package dev.cairn.testkit.worker;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

import dev.cairn.testkit.ChildProcess;
import dev.cairn.testkit.trace.Tracing;

/**
 * What {@code ./mvnw package} has made: a jar, or with {@code -Dnative} an executable. Tests run whichever it is.
 *
 * @param kind as Quarkus names it
 * @param path what is run
 */
public record PackagedCairn(Kind kind, Path path) {

    private static final Path TARGET = Path.of("target");

    /** Kinds of packages. */
    public enum Kind {
        /** For a JVM. */
        JAR,
        /** By itself. */
        NATIVE
    }

    /** A native executable in {@code target}, whatever was packaged last; nothing where there is none, or several. */
    public static Optional<Path> executable() throws IOException {
        return executable(TARGET);
    }

    static Optional<Path> executable(Path target) throws IOException {
        if (!Files.isDirectory(target)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(target)) {
            List<Path> found = files.filter(file -> file.toString().endsWith("-runner") && Files.isRegularFile(file))
                    .toList();
            return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
        }
    }

    /** By what Quarkus has written of its build. @throws IllegalStateException when nothing has been built */
    public static PackagedCairn find() {
        return find(TARGET);
    }

    static PackagedCairn find(Path target) {
        Properties artifact = new Properties();
        try (Reader file = Files.newBufferedReader(target.resolve("quarkus-artifact.properties"))) {
            artifact.load(file);
        } catch (IOException e) {
            throw new IllegalStateException("nothing is packaged in " + target + ": ./mvnw package does it", e);
        }
        Kind kind = artifact.getProperty("type").startsWith("native") ? Kind.NATIVE : Kind.JAR;
        Path path = target.resolve(artifact.getProperty("path")).toAbsolutePath();
        if (!Files.isRegularFile(path)) {
            throw new IllegalStateException(path + " is missing: ./mvnw package makes it");
        }
        return new PackagedCairn(kind, path);
    }

    /**
     * The command that runs it.
     *
     * @param jvmFlags an executable knows system properties and sizes of the heap, and gets no other
     */
    public List<String> commandLine(List<String> jvmFlags) {
        List<String> command = new ArrayList<>();
        if (kind == Kind.NATIVE) {
            command.add(path.toString());
            jvmFlags.stream()
                    .filter(flag -> flag.startsWith("-D") || flag.matches("-Xm[nsx]\\d.*"))
                    .forEach(command::add);
        } else {
            command.add(ChildProcess.java());
            command.addAll(jvmFlags);
            command.addAll(language());
            command.addAll(Tracing.jvmFlags());
            command.add("-jar");
            command.add(path.toString());
        }
        return command;
    }

    /** A run of the tests in another language is one of the worker, too. */
    private static List<String> language() {
        return Stream.of("user.language", "user.country")
                .filter(name -> System.getProperty(name) != null)
                .map(name -> "-D" + name + "=" + System.getProperty(name))
                .toList();
    }
}
