package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** The classes of a class path as they are in its jars. Where two jars have a class, the first one counts. */
final class Bytecode implements AutoCloseable {

    private static final String SUFFIX = ".class";

    private final Map<String, JarFile> homes = new HashMap<>();
    private final Map<String, Optional<ClassNode>> read = new HashMap<>();
    private final Map<String, List<Integer>> instructions = new HashMap<>();
    private final List<JarFile> jars;

    private Bytecode(List<JarFile> jars) {
        this.jars = jars;
        for (JarFile jar : jars) {
            jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(SUFFIX))
                    .forEach(name -> homes.putIfAbsent(name, jar));
        }
    }

    /** Of an application that Quarkus has packaged: what Quarkus has changed comes before what it was. */
    static Bytecode ofApplication(Path application) {
        List<String> order = List.of("quarkus", "app", "lib");
        try (Stream<Path> files = Files.walk(application)) {
            List<Path> all =
                    files.filter(file -> file.toString().endsWith(".jar")).toList();
            return new Bytecode(order.stream()
                    .flatMap(directory -> all.stream().filter(jar -> jar.startsWith(application.resolve(directory))))
                    .map(Bytecode::open)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a list of jars. */
    static Bytecode of(List<Path> jars) {
        return new Bytecode(jars.stream().map(Bytecode::open).toList());
    }

    private static JarFile open(Path jar) {
        try {
            return new JarFile(jar.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }

    /** The names of all classes. */
    Stream<String> names() {
        return homes.keySet().stream()
                .map(name -> name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'));
    }

    /** A class by its name. */
    Optional<ClassNode> find(String type) {
        return read.computeIfAbsent(type, this::read);
    }

    /** A method by its class, name and descriptor together. */
    Optional<MethodNode> find(String type, String nameAndDescriptor) {
        return find(type).stream()
                .flatMap(node -> node.methods.stream())
                .filter(method -> (method.name + method.desc).equals(nameAndDescriptor))
                .findFirst();
    }

    /** Which instruction of a method is at an index of its bytecode, counted from 0; -1 if none is known. */
    int ordinalOf(String type, String nameAndDescriptor, int index) {
        find(type);
        return instructions
                .getOrDefault(type + "." + nameAndDescriptor, List.of())
                .indexOf(index);
    }

    private Optional<ClassNode> read(String type) {
        String path = type.replace('.', '/') + SUFFIX;
        JarFile home = homes.get(path);
        if (home == null) {
            return Optional.empty();
        }
        try (InputStream in = home.getInputStream(home.getEntry(path))) {
            OffsetReader reader = new OffsetReader(in);
            ClassNode node = reader.readNode();
            reader.offsets.forEach((method, offsets) -> instructions.put(type + "." + method, offsets));
            return Optional.of(node);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + type, e);
        }
    }

    @Override
    public void close() {
        for (JarFile jar : jars) {
            try {
                jar.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Keeps where instructions are, which the tree of a class does not. */
    private static final class OffsetReader extends ClassReader {

        private final Map<String, List<Integer>> offsets = new HashMap<>();
        private List<Integer> current = new ArrayList<>();

        OffsetReader(InputStream in) throws IOException {
            super(in);
        }

        ClassNode readNode() {
            ClassNode node = new ClassNode(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(
                        int access, String name, String descriptor, String signature, String[] exceptions) {
                    current = new ArrayList<>();
                    offsets.put(name + descriptor, current);
                    return super.visitMethod(access, name, descriptor, signature, exceptions);
                }
            };
            accept(node, SKIP_DEBUG | SKIP_FRAMES);
            return node;
        }

        @Override
        protected void readBytecodeInstructionOffset(int offset) {
            current.add(offset);
        }
    }
}
