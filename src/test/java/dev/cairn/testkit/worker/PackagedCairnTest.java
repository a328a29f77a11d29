package dev.cairn.testkit.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagedCairnTest {

    private static final List<String> FLAGS = List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=/there");

    @TempDir
    Path target;

    @Test
    void shouldRunAJarWithJava() throws IOException {
        // Given
        Path jar = packaged("jar", "quarkus-run.jar");

        // When
        List<String> command = PackagedCairn.find(target).commandLine(FLAGS);

        // Then
        assertThat(command.get(0)).endsWith("java");
        assertThat(command.subList(1, 4)).isEqualTo(FLAGS);
        assertThat(command).endsWith("-jar", jar.toString());
    }

    @Test
    void shouldRunAnExecutableByItselfWithTheFlagsThatItKnows() throws IOException {
        // Given
        Path executable = packaged("native", "cairn-runner");

        // When
        List<String> command = PackagedCairn.find(target).commandLine(FLAGS);

        // Then
        assertThat(command).containsExactly(executable.toString(), "-Xmx64m", "-Djava.io.tmpdir=/there");
    }

    @Test
    void shouldSayWhatToDoWhereNothingIsPackaged() {
        assertThatThrownBy(() -> PackagedCairn.find(target)).hasMessageContaining("./mvnw package");
    }

    @Test
    void shouldFindAnExecutableWhateverWasPackagedLast() throws IOException {
        // Given
        packaged("jar", "quarkus-run.jar");
        assertThat(PackagedCairn.executable(target)).isEmpty();

        // When
        Path executable = Files.createFile(target.resolve("cairn-runner"));

        // Then
        assertThat(PackagedCairn.executable(target)).contains(executable);
    }

    private Path packaged(String type, String path) throws IOException {
        Files.writeString(target.resolve("quarkus-artifact.properties"), "type=" + type + "\npath=" + path + "\n");
        return Files.createFile(target.resolve(path));
    }
}
