package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.worker.NativeSources;
import dev.cairn.testkit.worker.NativeSourcesBuild;

/** What Quarkus hands to the builder of native executables. */
class NativeSourcesIT {

    private static NativeSources sources;

    @BeforeAll
    static void build() {
        sources = NativeSourcesBuild.ofWorker();
    }

    @Test
    void shouldLimitTheExecutable() {
        sources.assertLimited();
    }

    @Test
    void shouldEmbedNoLibrariesOfOtherMachines() throws IOException {
        // When
        Path snappy = sources.libraries().stream()
                .filter(jar -> jar.getFileName().toString().contains("org.xerial.snappy."))
                .findFirst()
                .orElseThrow();

        // Then
        try (ZipFile jar = new ZipFile(snappy.toFile())) {
            assertThat(jar.stream()).noneMatch(entry -> entry.getName().endsWith("resource-config.json"));
        }
    }

    /** Their fields are gone, see {@code missing-types.txt}: the builder would reach them by their beans. */
    @Test
    void shouldMakeNoBeansOfMappersThatCannotBeLinked() throws IOException {
        try (ZipFile application = new ZipFile(sources.jars().get(0).toFile())) {
            assertThat(application.stream().map(ZipEntry::getName))
                    .anyMatch(name -> name.matches("dev/cairn/rest/Unauthorized.*_Bean.class"))
                    .noneMatch(name ->
                            name.matches("io/quarkiverse/resteasy/problem/security/.*ReactiveMapper.*_Bean.class"));
        }
    }
}
