package dev.cairn.testkit.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.cairn.settings.Version;
import dev.cairn.testkit.ChildProcess;

/**
 * An application of {@code src/sample}, built by the project's own Maven with the packaged jar as its library. Nothing is
 * installed for others: what Maven has fetched already is read, and the jar is in a repository below {@code target}.
 */
public final class SampleApplication {

    private static final Path SAMPLES = Path.of("target", "sample");
    private static final Path REPOSITORY = SAMPLES.resolve("repository");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Path directory;

    private SampleApplication(Path directory) {
        this.directory = directory;
    }

    /**
     * Copies a sample to {@code target}, builds it there, and runs its tests on a broker.
     *
     * @throws AssertionError with Maven's words when it fails
     */
    public static SampleApplication build(String name, String bootstrapServers) {
        Path directory = SAMPLES.resolve(name);
        try {
            Files.createDirectories(SAMPLES);
            install(REPOSITORY.resolve(Path.of("dev", "cairn", "cairn", Version.VERSION)));
            copy(Path.of("src", "sample", name), directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare the sample " + name, e);
        }
        List<String> command = List.of(
                Path.of("mvnw").toAbsolutePath().toString(),
                "-B",
                "-ntp",
                "clean",
                "package",
                "-Dkafka.bootstrap.servers=" + bootstrapServers,
                "-Dcairn.version=" + Version.VERSION,
                "-Dmaven.repo.local=" + REPOSITORY.toAbsolutePath(),
                "-Dmaven.repo.local.tail=" + fetched());
        try (ChildProcess maven = ChildProcess.start(
                "build of " + name,
                command,
                SampleApplication::environment,
                directory,
                SAMPLES.resolve(name + "-build.log"),
                line -> {})) {
            maven.awaitOutput(Pattern.compile("BUILD SUCCESS"), 0, LIMIT);
            maven.awaitExit(LIMIT);
        }
        return new SampleApplication(directory);
    }

    /** A process of it. */
    public WorkerProcess.Builder process() {
        return WorkerProcess.of(PackagedCairn.find(directory.resolve("target")));
    }

    /** Names of the jars that it runs with. */
    public List<String> libraries() {
        try (Stream<Path> jars = Files.list(application().resolve(Path.of("lib", "main")))) {
            return jars.map(jar -> jar.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its tests have found, as Surefire reports it: {@code tests="3" errors="0" skipped="0" failures="0"}. */
    public String testReport(String className) {
        Path report = directory.resolve(Path.of("target", "surefire-reports", "TEST-" + className + ".xml"));
        try {
            return Files.readString(report);
        } catch (IOException e) {
            throw new UncheckedIOException("the tests of the sample have not run", e);
        }
    }

    /** What the builder of its native executable would get. */
    public NativeSources nativeSources() {
        return NativeSourcesBuild.of(
                directory,
                SAMPLES.resolve(directory.getFileName() + "-native-sources"),
                REPOSITORY.toAbsolutePath().toString(),
                List.of("-Dcairn.version=" + Version.VERSION, "-Dmaven.repo.local.tail=" + fetched()));
    }

    /** The directory that Quarkus has packaged it into. */
    public Path application() {
        return directory.resolve(Path.of("target", "quarkus-app"));
    }

    private static void install(Path directory) throws IOException {
        Files.createDirectories(directory);
        String name = "cairn-" + Version.VERSION;
        Path jar = Path.of("target", name + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is missing: ./mvnw package makes it");
        }
        copyFile(jar, directory.resolve(name + ".jar"));
        copyFile(Path.of("pom.xml"), directory.resolve(name + ".pom"));
    }

    /** Copies all files below a directory. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                copyFile(file, copy);
            }
        }
    }

    static void copyFile(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What the main build has fetched. */
    static String fetched() {
        return System.getProperty(
                "cairn.test.repository",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString());
    }

    /** Of a Maven within the tests. */
    static Map<String, String> environment(Map<String, String> inherited) {
        Map<String, String> environment = new HashMap<>(inherited);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        // Those of the build around this one.
        environment.remove("MAVEN_OPTS");
        environment.remove("MAVEN_ARGS");
        environment.remove("MAVEN_PROJECTBASEDIR");
        return environment;
    }
}
