package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import org.objectweb.asm.ClassReader;

/** The JDK of the builder of executables. Of a jar with classes for several versions of the JDK, it takes those for its own. */
final class BuilderJdk {

    private static final Runtime.Version VERSION = Runtime.Version.parse("25");

    private BuilderJdk() {}

    /** Whether the tests run on it, or on a later one. */
    static boolean isThisOne() {
        return Runtime.version().feature() >= VERSION.feature();
    }

    /** What to do with a class. */
    @FunctionalInterface
    interface ClassVisit {

        void visit(ClassReader content);
    }

    /** Reads the classes of a jar as the builder sees them. */
    static void forEachClass(Path jar, ClassVisit visit) {
        try (JarFile file = new JarFile(jar.toFile(), true, JarFile.OPEN_READ, VERSION)) {
            List<JarEntry> entries = file.versionedStream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .filter(entry -> !entry.getName().endsWith("-info.class"))
                    .filter(entry -> !entry.getName().startsWith("META-INF/"))
                    .toList();
            for (JarEntry entry : entries) {
                try (InputStream content = file.getInputStream(entry)) {
                    visit.visit(new ClassReader(content));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }
}
