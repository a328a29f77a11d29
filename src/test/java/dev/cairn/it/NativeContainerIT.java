package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.container.Podman;
import dev.cairn.testkit.worker.PackagedCairn;

/** The image of the native executable, where one has been built. */
class NativeContainerIT extends ContainerScenarios {

    NativeContainerIT() {
        super("native-container");
    }

    @BeforeAll
    static void build() throws IOException {
        if (PackagedCairn.executable().isEmpty()) {
            abort("no executable in target: ./mvnw package -Dnative makes it");
        }
        Podman.require();
        image = Podman.build(Path.of("docker", "Dockerfile.native"), Map.of("VERSION", "1.2.3"));
    }

    @Test
    void shouldHoldTheExecutableAndItsLibraries() throws IOException {
        // Given
        JsonNode config = Podman.inspect(image).path("Config");
        Path root = Podman.mount(image);
        try {
            // Then
            assertThat(ImageContents.filesBelow(root.resolve("opt/cairn"))
                            .map(file -> file.getFileName().toString()))
                    .hasSize(4)
                    .contains("cairn", "libzstd-jni.so", "libsnappyjava.so")
                    .anyMatch(name -> name.startsWith("librocksdbjni-linux"));
        } finally {
            Podman.unmount(image);
        }
        assertThat(config.path("User").asText()).isEqualTo("10001:10001");
        assertThat(config.at("/Entrypoint/0").asText()).isEqualTo("/opt/cairn/cairn");
    }
}
