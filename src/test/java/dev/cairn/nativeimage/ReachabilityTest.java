package dev.cairn.nativeimage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.trace.Access;
import dev.cairn.testkit.trace.Tracing;
import dev.cairn.testkit.worker.NativeSources;

/** The tracing agent and the comparison, on a small program whose look-ups are all known. */
class ReachabilityTest {

    private static final String NAME = LooksThingsUp.class.getName();
    private static final Path CLASSES = Path.of("target", "test-classes");

    @TempDir
    static Path directory;

    private static Path program;
    private static List<Access> traced;

    @BeforeAll
    static void trace() throws Exception {
        String resources = NAME.substring(0, NAME.lastIndexOf('.')).replace('.', '/') + "/";
        program = directory.resolve("program.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(program));
                Stream<Path> files = Files.list(CLASSES.resolve(resources))) {
            for (Path file : files.filter(
                            file -> file.getFileName().toString().startsWith(LooksThingsUp.class.getSimpleName()))
                    .toList()) {
                add(jar, resources + file.getFileName(), Files.readAllBytes(file));
            }
            add(jar, resources + "looks-things-up-2.txt", new byte[0]);
            add(jar, "META-INF/services/java.util.concurrent.Callable", (NAME + "$Provided").getBytes(UTF_8));
        }
        traced = Tracing.during(directory.resolve("traces"), ReachabilityTest::run);
    }

    private static void run() throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(Tracing.jvmFlags());
        command.addAll(List.of("-cp", program.toString(), NAME));
        File output = directory.resolve("output").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output.toPath())).isZero();
    }

    @Test
    void shouldNameWhateverIsMissing() throws IOException {
        assertThat(gaps(Map.of()))
                .containsExactlyInAnyOrder(
                        "class " + NAME + "$Made",
                        "constructor " + NAME + "$Made.<init>()",
                        "method " + NAME + "$Made.method()",
                        "field " + NAME + "$Made.field",
                        // Not the literal one of forName, but the other.
                        "class " + NAME + "$Literal",
                        "class " + NAME + "$Late",
                        "resource dev/cairn/nativeimage/looks-things-up-2.txt",
                        "proxy of java.lang.Runnable",
                        "serialized " + NAME + "$Stored",
                        "resource META-INF/services/java.util.concurrent.Callable",
                        "class " + NAME + "$Provided",
                        "constructor " + NAME + "$Provided.<init>()");
    }

    @Test
    void shouldSayWhereItComesFromAndWhatClosesIt() throws IOException {
        assertThat(compare(Map.of()))
                .filteredOn(gap -> gap.access().kind().equals("method"))
                .singleElement()
                .extracting(Gap::describe)
                .asString()
                .contains("from " + NAME + "#main:")
                .contains("to add to reflect-config.json: {\"name\": \"" + NAME
                        + "$Made\", \"methods\": [{\"name\": \"method\", \"parameterTypes\": []}]}");
    }

    @Test
    void shouldMissNothingThatIsConfigured() throws IOException {
        String made = "{'name': '" + NAME + "$%s', 'methods': [{'name': '<init>', 'parameterTypes': []},"
                + " {'name': 'method', 'parameterTypes': []}], 'fields': [{'name': 'field'}]}";
        assertThat(gaps(Map.of(
                        "reflect-config.json",
                        "[" + made.formatted("Made") + "," + made.formatted("Provided") + "," + made.formatted("Late")
                                + "," + made.formatted("Literal") + "]",
                        "resource-config.json",
                        "{'resources': {'includes': [{'pattern': 'META-INF/services/.*'}]},"
                                + " 'globs': [{'glob': 'dev/**/looks-*.txt'}]}",
                        "proxy-config.json",
                        "[['java.lang.Runnable']]",
                        "serialization-config.json",
                        "[{'name': '" + NAME + "$Stored'}]")))
                .isEmpty();
    }

    @Test
    void shouldReadTheNewerForm() throws IOException {
        assertThat(gaps(Map.of(
                        "reachability-metadata.json",
                        "{'reflection': [{'type': '" + NAME + "$Made', 'allDeclaredConstructors': true,"
                                + " 'methods': [{'name': 'method'}]}, {'type': {'proxy': ['java.lang.Runnable']}},"
                                + " {'type': '" + NAME + "$Stored', 'serializable': true}],"
                                + " 'resources': [{'glob': '**/looks-*.txt'}]}")))
                .noneMatch(gap -> gap.contains("$Made") || gap.contains("Runnable") || gap.contains("Stored"))
                .noneMatch(gap -> gap.contains("looks-"))
                .contains("class " + NAME + "$Late");
    }

    private static List<String> gaps(Map<String, String> configuration) throws IOException {
        return compare(configuration).stream()
                .map(gap -> gap.access().what())
                .distinct()
                .toList();
    }

    private static List<Gap> compare(Map<String, String> configuration) throws IOException {
        Path sources = Files.createTempDirectory(directory, "sources");
        Files.writeString(sources.resolve("native-image.args"), "--initialize-at-run-time=" + NAME + "$Later -jar it");
        Path jar = sources.resolve("it.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, String> file : configuration.entrySet()) {
                add(
                        out,
                        "META-INF/native-image/of/it/" + file.getKey(),
                        file.getValue().replace('\'', '"').getBytes(UTF_8));
            }
        }
        NativeSources built = new NativeSources(sources);
        ExecutableMetadata metadata = ExecutableMetadata.of(built);
        try (Bytecode bytecode = Bytecode.of(List.of(program))) {
            return new Reachability(
                            metadata,
                            LateInitialization.of(metadata, bytecode),
                            Substitutions.in(bytecode),
                            new CallSites(bytecode))
                    .gaps(traced, access -> false);
        }
    }

    private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(content);
        jar.closeEntry();
    }
}
