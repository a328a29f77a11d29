package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What of the worker is in an image.
 *
 * @param files names of all files
 * @param entries what is in the jars among them, as {@code jar!entry}
 */
record ImageContents(List<String> files, List<String> entries) {

    private static final Path TEST_CLASSES = Path.of("target", "test-classes");
    private static final String ROCKS_LIBRARY = "librocksdbjni";
    private static final Set<String> OF_TESTS = Set.of(
            "junit",
            "assertj",
            "awaitility",
            "archunit",
            "testcontainers",
            "selenium",
            "s3proxy",
            "rest-assured",
            "log4j");

    /** Looks into these files and directories. */
    static ImageContents of(List<Path> roots) throws IOException {
        List<Path> files = roots.stream().flatMap(ImageContents::filesBelow).toList();
        return new ImageContents(
                files.stream().map(file -> file.getFileName().toString()).toList(),
                files.stream()
                        .filter(file -> file.toString().endsWith(".jar"))
                        .flatMap(ImageContents::entriesOf)
                        .toList());
    }

    static Stream<Path> filesBelow(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> entriesOf(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().map(ZipEntry::getName).map(name -> jar.getFileName() + "!" + name).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The worker, no more, and what is native for one platform only.
     *
     * @param rocksLibrary the one of this platform
     */
    void verify(String rocksLibrary) {
        assertThat(files).contains("quarkus-run.jar", "quarkus-application.dat");
        assertThat(entries).anyMatch(entry -> entry.endsWith("!dev/cairn/worker/Worker.class"));
        assertThat(entries).anyMatch(entry -> entry.endsWith("!org/rocksdb/RocksDBException.class"));

        assertThat(files.stream().filter(file -> file.startsWith(ROCKS_LIBRARY)))
                .containsExactly(rocksLibrary);
        assertThat(entries).noneMatch(entry -> entry.contains(ROCKS_LIBRARY));
        assertThat(files).noneMatch(file -> file.endsWith(".dll") || file.endsWith(".jnilib"));

        Set<String> testClasses = filesBelow(TEST_CLASSES)
                .map(file -> TEST_CLASSES.relativize(file).toString())
                .collect(Collectors.toSet());
        assertThat(testClasses).contains("dev/cairn/it/ImageContents.class");
        assertThat(entries).noneMatch(entry -> testClasses.contains(entry.substring(entry.indexOf('!') + 1)));
        assertThat(files).noneMatch(file -> OF_TESTS.stream().anyMatch(file::contains));

        // The broker is made of many jars of Kafka's, the client of one.
        assertThat(files.stream().filter(file -> file.startsWith("org.apache.kafka.")))
                .hasSize(1)
                .allMatch(file -> file.startsWith("org.apache.kafka.kafka-clients-"));
    }
}
