package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What the methods of some classes call. Names of classes have the form {@code a/b/C}. */
final class ClassCalls {

    /**
     * A call, as it stands in a class file.
     *
     * @param method its name and descriptor; empty where a static field is used, which starts an initializer and calls nothing
     * @param fixed whether it leads to this very method, a constructor or a static one, where it stands
     * @param access what it asks of the machine; null if nothing
     */
    record Call(String owner, String method, boolean fixed, MachineAccess access) {

        String shown() {
            return owner.replace('/', '.') + "." + methodName();
        }

        String methodName() {
            return method.replaceFirst("\\(.*", "");
        }
    }

    private final Map<String, Map<String, List<Call>>> classes = new HashMap<>();
    private final Map<String, String> jars = new HashMap<>();

    private ClassCalls() {}

    /** Reads all classes of jars and directories. */
    static ClassCalls in(List<Path> classPath) {
        ClassCalls all = new ClassCalls();
        classPath.forEach(all::read);
        return all;
    }

    Set<String> names() {
        return classes.keySet();
    }

    boolean contains(String name) {
        return classes.containsKey(name);
    }

    /** The names of a class's own methods, with descriptors. */
    Set<String> methodsOf(String name) {
        return classes.getOrDefault(name, Map.of()).keySet();
    }

    List<Call> of(String name, String method) {
        return classes.getOrDefault(name, Map.of()).getOrDefault(method, List.of());
    }

    /** The name of the jar or directory that a class is in. */
    String jarOf(String name) {
        return jars.get(name);
    }

    private void read(Path path) {
        String home = path.getFileName().toString();
        if (!Files.isDirectory(path)) {
            BuilderJdk.forEachClass(path, content -> read(content, home));
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".class")).toList()) {
                read(new ClassReader(Files.readAllBytes(file)), home);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private void read(ClassReader reader, String jar) {
        Map<String, List<Call>> methods = new HashMap<>();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        List<Call> calls = new ArrayList<>();
                        methods.put(name.intern() + descriptor.intern(), calls);
                        return new Method(calls);
                    }
                },
                ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        classes.putIfAbsent(reader.getClassName(), methods);
        jars.putIfAbsent(reader.getClassName(), jar);
    }

    /** The calls of one method, and the classes whose static fields it reads. */
    private static final class Method extends MethodVisitor {

        private final List<Call> calls;
        private final Deque<String> constants = new ArrayDeque<>();

        Method(List<Call> calls) {
            super(Opcodes.ASM9);
            this.calls = calls;
        }

        @Override
        public void visitLdcInsn(Object value) {
            constants.push(value instanceof String text ? text : "");
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            if (opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC) {
                calls.add(new Call(owner.intern(), "", false, null));
            }
            constants.clear();
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            add(owner, name, descriptor, opcode == Opcodes.INVOKESTATIC || name.equals("<init>"));
            constants.clear();
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            for (Object argument : arguments) {
                if (argument instanceof Handle handle) {
                    add(handle.getOwner(), handle.getName(), handle.getDesc(), false);
                }
            }
            constants.clear();
        }

        private void add(String owner, String name, String descriptor, boolean fixed) {
            MachineAccess access = MachineAccess.of(owner, name, descriptor, constants.peekLast())
                    .orElse(null);
            calls.add(new Call(owner.intern(), (name + descriptor).intern(), fixed, access));
        }
    }
}
