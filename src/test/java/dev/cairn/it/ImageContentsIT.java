package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Dockerfiles say, and what they would copy: this takes no container. {@link ContainerIT} looks into an image. */
class ImageContentsIT {

    private static final Path DOCKER = Path.of("docker");
    private static final Pattern COPIED = Pattern.compile("(?m)^COPY (?:--\\S+ )*(target/\\S+) ");
    private static final String COPIED_FOR_NATIVE = "target/*-runner";

    @ParameterizedTest
    @CsvSource({"amd64, librocksdbjni-linux64.so", "arm64, librocksdbjni-linux-aarch64.so"})
    void shouldCopyTheWorkerWithTheLibrariesOfOnePlatform(String architecture, String rocksLibrary) throws IOException {
        // Given
        List<Path> copied = copied("Dockerfile.jvm").stream()
                .map(path -> Path.of(path.replace("${TARGETARCH}", architecture)))
                .toList();

        // Then
        ImageContents.of(copied).verify(rocksLibrary);
    }

    @Test
    void shouldCopyTheExecutableAlone() throws IOException {
        // Then
        assertThat(copied("Dockerfile.native")).containsExactly(COPIED_FOR_NATIVE, "target/image/var/");
        assertThat(ImageContents.filesBelow(Path.of("target/image/var"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native", "Dockerfile.native-multistage"})
    void shouldNeedNeitherRootNorAShell(String dockerfile) throws IOException {
        // Given
        String text = Files.readString(DOCKER.resolve(dockerfile));

        // Then
        List<String> users =
                text.lines().filter(line -> line.startsWith("USER ")).toList();
        assertThat(users.get(users.size() - 1)).isEqualTo("USER 10001:10001");
        assertThat(text.lines().filter(line -> line.startsWith("RUN ") || line.startsWith("ENTRYPOINT ")))
                .isNotEmpty()
                .allMatch(line -> line.contains(" [\""));
        assertThat(text).doesNotContain("HEALTHCHECK").contains("ARG BASE=", "FROM ${BASE}");
        assertThat(text).contains("org.opencontainers.image.version=", "org.opencontainers.image.revision=");
    }

    private static List<String> copied(String dockerfile) throws IOException {
        return COPIED.matcher(Files.readString(DOCKER.resolve(dockerfile)))
                .results()
                .map((MatchResult copy) -> copy.group(1))
                .toList();
    }
}
