package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.ZipFile;

import org.junit.jupiter.api.Test;

import dev.cairn.testkit.worker.NativeSources;

/** What Quarkus hands to the builder of native executables, where that has been made. */
class NativeSourcesIT {

    private static final String NONE = "no arguments of the builder in target: ./mvnw package -Dnative"
            + " -Dquarkus.native.sources-only=true writes them";

    @Test
    void shouldLimitTheExecutable() {
        NativeSources.find()
                .filter(NativeSources::haveArguments)
                .orElseGet(() -> abort(NONE))
                .assertLimited();
    }

    @Test
    void shouldEmbedNoLibrariesOfOtherMachines() throws IOException {
        // Given
        NativeSources sources = NativeSources.find().orElseGet(() -> abort(NONE));

        // When
        Path snappy = sources.jars().stream()
                .filter(jar -> jar.getFileName().toString().contains("org.xerial.snappy."))
                .findFirst()
                .orElseThrow();

        // Then
        try (ZipFile jar = new ZipFile(snappy.toFile())) {
            assertThat(jar.stream()).noneMatch(entry -> entry.getName().endsWith("resource-config.json"));
        }
    }
}
