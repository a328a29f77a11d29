package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
    void shouldCopyTheExecutableAndItsLibraries() throws IOException {
        // Then
        String libraries = "target/image/native/${TARGETARCH}/";
        assertThat(copied("Dockerfile.native"))
                .containsExactly(
                        libraries + "librocksdbjni-*.so",
                        libraries + "libsnappyjava.so",
                        libraries + "libzstd-jni-*.so",
                        COPIED_FOR_NATIVE,
                        "target/image/var/");
        assertThat(ImageContents.filesBelow(Path.of("target/image/var"))).isEmpty();
    }

    /** Each name with a wildcard becomes one file. */
    @ParameterizedTest
    @ValueSource(strings = {"amd64", "arm64"})
    void shouldHaveOneLibraryOfEachKind(String architecture) {
        // When
        List<String> libraries = ImageContents.filesBelow(Path.of("target/image/native", architecture))
                .map(file -> file.getFileName().toString())
                .toList();

        // Then
        assertThat(libraries)
                .filteredOn(name -> name.matches("librocksdbjni-.*\\.so"))
                .hasSize(1);
        assertThat(libraries)
                .filteredOn(name -> name.matches("libzstd-jni-.*\\.so"))
                .hasSize(1);
        assertThat(libraries).contains("libsnappyjava.so");
    }

    @Test
    void shouldMakeTheSameImageFromSources() throws IOException {
        // Given
        String executable = afterBase("Dockerfile.native");
        String multistage = afterBase("Dockerfile.native-multistage");

        // Then
        assertThat(multistage.replace("--from=build ", "").replace(" /build/target/", " target/"))
                .isEqualTo(executable);
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

    /** Instructions from the last {@code FROM} on, without comments. */
    private static String afterBase(String dockerfile) throws IOException {
        String text = Files.readString(DOCKER.resolve(dockerfile));
        return text.substring(text.lastIndexOf("FROM ${BASE}"))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> copied(String dockerfile) throws IOException {
        return COPIED.matcher(Files.readString(DOCKER.resolve(dockerfile)))
                .results()
                .map((MatchResult copy) -> copy.group(1))
                .toList();
    }
}
