package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.container.Podman;

/** The image for JVMs. */
class ContainerIT extends ContainerScenarios {

    private static final int WORKER = 10_001;

    ContainerIT() {
        super("container");
    }

    @BeforeAll
    static void build() {
        Podman.require();
        image = Podman.build(
                Path.of("docker", "Dockerfile.jvm"),
                Map.of("VERSION", "1.2.3", "REVISION", "abc", "CREATED", "2026-11-01T00:00:00Z"));
    }

    @Test
    void shouldHoldTheWorkerAndNoMore() throws IOException {
        // Given
        JsonNode config = Podman.inspect(image).path("Config");
        Path root = Podman.mount(image);
        try {
            // Then
            List<Path> application = List.of(root.resolve("opt/cairn"));
            ImageContents.of(application).verify(rocksLibrary());
            assertThat(ImageContents.filesBelow(root))
                    .filteredOn(file -> file.getFileName().toString().startsWith("librocksdbjni"))
                    .hasSize(1);
            assertThat(ImageContents.filesBelow(application.get(0))).noneMatch(ContainerIT::isWritableByTheWorker);
            assertThat(root.resolve("var/lib/cairn/state")).satisfies(ContainerIT::belongsToTheWorker);
        } finally {
            Podman.unmount(image);
        }
        assertThat(config.path("User").asText()).isEqualTo(WORKER + ":" + WORKER);
        assertThat(config.at("/Entrypoint/0").asText()).isEqualTo("java");
        assertThat(config.has("Healthcheck")).isFalse();
        assertThat(config.path("ExposedPorts").has("8080/tcp")).isTrue();
        assertThat(config.at("/Labels/org.opencontainers.image.version").asText())
                .isEqualTo("1.2.3");
        assertThat(config.at("/Labels/org.opencontainers.image.revision").asText())
                .isEqualTo("abc");
        assertThat(config.at("/Labels/org.opencontainers.image.created").asText())
                .isEqualTo("2026-11-01T00:00:00Z");
    }

    private static String rocksLibrary() {
        return "aarch64".equals(System.getProperty("os.arch"))
                ? "librocksdbjni-linux-aarch64.so"
                : "librocksdbjni-linux64.so";
    }

    private static boolean isWritableByTheWorker(Path file) {
        try {
            return belongsTo(file) == WORKER
                    || Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void belongsToTheWorker(Path file) throws IOException {
        assertThat(belongsTo(file)).isEqualTo(WORKER);
    }

    private static int belongsTo(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid");
    }
}
