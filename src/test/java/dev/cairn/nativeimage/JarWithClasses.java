package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/** A jar that may have classes for several versions of the JDK. */
final class JarWithClasses {

    private final Path file;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private JarWithClasses(Path file) {
        this.file = file;
    }

    static JarWithClasses at(Path file) {
        return new JarWithClasses(file);
    }

    /** The content of a class with no members. */
    static byte[] empty(String type) {
        return writer(type).toByteArray();
    }

    /** Of a class without members yet. */
    static ClassWriter writer(String type) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, type.replace('.', '/'), null, "java/lang/Object", null);
        return writer;
    }

    JarWithClasses add(String type, byte[] content) {
        entries.put(type.replace('.', '/') + ".class", content);
        return this;
    }

    /** A class for a JDK and later ones. */
    JarWithClasses addFor(int jdk, String type, byte[] content) {
        entries.put("META-INF/versions/" + jdk + "/" + type.replace('.', '/') + ".class", content);
        return this;
    }

    Path write() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
            }
        }
        return file;
    }
}
