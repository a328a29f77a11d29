package dev.cairn.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;

/** On jars with a class that refers to one of no jar. */
class MissingTypesTest {

    @TempDir
    Path directory;

    @Test
    void shouldFindWhatNoJarBrings() throws IOException {
        // Given
        Path jar = jar().add("a.User", user("gone.Type")).write();

        // Then
        assertThat(MissingTypes.in(List.of(jar))).containsEntry("library gone", "gone.Type in a.User");
    }

    @Test
    void shouldReadClassesAsTheBuildersJdkDoes() throws IOException {
        // Given
        Path jar = jar().add("a.User", user("gone.Earlier"))
                .addFor(24, "a.User", user("missing.Type"))
                .addFor(26, "a.User", user("gone.Later"))
                .write();

        // Then
        assertThat(MissingTypes.in(List.of(jar))).containsOnlyKeys("library missing");
    }

    @Test
    void shouldFindClassesThatAreOnlyForTheBuildersJdk() throws IOException {
        // Given
        Path jar = jar().add("a.User", user("a.Added"))
                .addFor(21, "a.Added", JarWithClasses.empty("a.Added"))
                .write();

        // Then
        assertThat(MissingTypes.in(List.of(jar))).isEmpty();
    }

    private JarWithClasses jar() {
        return JarWithClasses.at(directory.resolve("library-1.0.jar"));
    }

    private static byte[] user(String type) {
        ClassWriter user = JarWithClasses.writer("a.User");
        user.newClass(type.replace('.', '/'));
        return user.toByteArray();
    }
}
