package dev.cairn.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/** On jars with a class that refers to a type or a member of no jar. */
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
    void shouldFindTypesThatOnlyDescriptorsName() throws IOException {
        // Given
        ClassWriter user = JarWithClasses.writer("a.User");
        user.visitField(0, "field", "[Lof/field/Type;", null, null).visitEnd();
        user.visitMethod(Opcodes.ACC_ABSTRACT, "method", "(ILof/parameter/Type;)Lof/result/Type;", null, null)
                .visitEnd();
        calling(user, "a/User", "called", "(Lof/call/Type;)V");

        // Then
        assertThat(MissingTypes.in(
                        List.of(jar().add("a.User", user.toByteArray()).write())))
                .containsOnlyKeys(
                        "library of.call",
                        "library of.field",
                        "library of.parameter",
                        "library of.result",
                        "library a.User#called(Lof/call/Type;)V");
    }

    @Test
    void shouldFindMembersThatAClassLacks() throws IOException {
        // Given
        ClassWriter used = JarWithClasses.writer("a.Used");
        used.visitField(0, "kept", "I", null, null).visitEnd();
        used.visitMethod(Opcodes.ACC_ABSTRACT, "kept", "()V", null, null).visitEnd();
        ClassWriter user = JarWithClasses.writer("b.User");
        reading(user, "a/Used", "kept", "I");
        reading(user, "a/Used", "kept", "J");
        reading(user, "a/Used", "gone", "I");
        calling(user, "a/Used", "kept", "()V");
        calling(user, "a/Used", "gone", "()V");

        // Then
        assertThat(MissingTypes.in(List.of(jar().add("a.Used", used.toByteArray())
                        .add("b.User", user.toByteArray())
                        .write())))
                .containsOnlyKeys("library a.Used#kept:J", "library a.Used#gone:I", "library a.Used#gone()V")
                .containsEntry("library a.Used#gone:I", "a.Used#gone:I in b.User");
    }

    @Test
    void shouldFindWhatIsInherited() throws IOException {
        // Given
        ClassWriter heir = new ClassWriter(0);
        heir.visit(Opcodes.V17, Opcodes.ACC_ABSTRACT, "a/Heir", null, "java/util/ArrayList", new String[] {
            "java/util/Comparator"
        });
        ClassWriter user = JarWithClasses.writer("b.User");
        calling(user, "a/Heir", "size", "()I");
        calling(user, "a/Heir", "reversed", "()Ljava/util/Comparator;");
        calling(user, "a/Heir", "gone", "()I");
        calling(user, "[I", "clone", "()Ljava/lang/Object;");
        calling(user, "java/lang/invoke/MethodHandle", "invokeExact", "(I)I");
        calling(user, "java/lang/Math", "ofALaterJdk", "(I)I");
        calling(user, "gone/Type", "method", "()V");

        // When
        Set<String> missing = MissingTypes.in(List.of(jar().add("a.Heir", heir.toByteArray())
                        .add("b.User", user.toByteArray())
                        .write()))
                .keySet();

        // Then
        assertThat(missing)
                .contains("library a.Heir#gone()I", "library gone")
                .isSubsetOf("library a.Heir#gone()I", "library gone", "library java.lang.Math#ofALaterJdk(I)I");
        assertThat(missing.size()).isEqualTo(BuilderJdk.isThisOne() ? 3 : 2);
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

    private static void reading(ClassWriter user, String owner, String name, String descriptor) {
        user.newField(owner, name, descriptor);
    }

    private static void calling(ClassWriter user, String owner, String name, String descriptor) {
        user.newMethod(owner, name, descriptor, false);
    }

    private static byte[] user(String type) {
        ClassWriter user = JarWithClasses.writer("a.User");
        user.newClass(type.replace('.', '/'));
        return user.toByteArray();
    }
}
