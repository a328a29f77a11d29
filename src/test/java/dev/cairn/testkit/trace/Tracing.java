package dev.cairn.testkit.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import dev.cairn.testkit.trace.recorder.Recorder;

/**
 * Attaches the agent to the packaged workers and commands that tests start: to all of them with {@code
 * -Dcairn.test.trace=true}, and to those of one test by {@link #during}.
 */
public final class Tracing {

    /** Where traces of all tests are. */
    public static final Path TRACES = Path.of("target", "traces");

    private static final boolean OF_ALL = Boolean.getBoolean("cairn.test.trace");
    private static final Path JARS = Path.of("target", "trace-agent");

    private static Path agent;
    private static volatile Path traces = OF_ALL ? TRACES : null;

    private Tracing() {}

    /** What a test does. */
    @FunctionalInterface
    public interface Steps {

        /** Does it. */
        void run() throws Exception;
    }

    /**
     * Traces the processes that a test starts in the meantime.
     *
     * @param directory gets a file for each process
     * @return what they have reached
     */
    public static List<Access> during(Path directory, Steps steps) throws Exception {
        traces = directory;
        try {
            steps.run();
        } finally {
            traces = OF_ALL ? TRACES : null;
        }
        return Traces.in(directory);
    }

    /** Flags for the JVM of a packaged worker or command. */
    public static List<String> jvmFlags() {
        Path directory = traces;
        return directory == null ? List.of() : List.of("-javaagent:" + agent() + "=" + directory.toAbsolutePath());
    }

    private static synchronized Path agent() {
        if (agent == null) {
            try {
                Path directory = Files.createDirectories(JARS.toAbsolutePath());
                Path jars = Files.createTempDirectory(directory, "jars");
                Path recorder = jars.resolve("recorder.jar");
                write(recorder, new Manifest(), Recorder.class, Set.of());
                Path complete = jars.resolve("agent.jar");
                write(complete, manifest(recorder), TraceAgent.class, TracedMethods.types());
                agent = complete;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot make the tracing agent", e);
            }
        }
        return agent;
    }

    private static Manifest manifest(Path recorder) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", TraceAgent.class.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        attributes.putValue("Boot-Class-Path", recorder.getFileName().toString());
        return manifest;
    }

    /** The classes of one package, without those below it, and what is woven for others. */
    private static void write(Path jar, Manifest manifest, Class<?> one, Set<String> woven) throws IOException {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        String path = one.getPackageName().replace('.', '/') + "/";
        Path classes = Path.of("target", "test-classes").resolve(path);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var files = Files.newDirectoryStream(classes, "*.class")) {
            for (Path file : files) {
                add(out, path + file.getFileName(), Files.readAllBytes(file));
            }
            for (String type : woven) {
                add(out, TraceAgent.entry(type), Weaving.of(type));
            }
            if (!woven.isEmpty()) {
                add(out, TraceAgent.NAMES, String.join("\n", woven).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }
}
