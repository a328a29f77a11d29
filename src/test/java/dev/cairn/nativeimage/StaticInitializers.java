package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What the classes of some jars ask of the machine when they are initialized, by their byte code.
 *
 * <p>It follows a static initializer through the methods of its own class, lambdas included, some calls deep. Whoever loads a
 * library is followed through other classes as well, and through the initializers that they start.
 */
final class StaticInitializers {

    private static final String INITIALIZER = "<clinit>()V";
    private static final int MAX_DEPTH = 6;
    private static final Pattern ANONYMOUS = Pattern.compile(".*\\$\\d+");

    /** What an anonymous object is made for. */
    private static final Pattern ACTION = Pattern.compile("(run|call|get)\\(\\).*");

    /** A call, as it stands in a class file; a field that is read starts an initializer, and calls nothing. */
    private record Call(String owner, String method, MachineAccess access) {

        String shown() {
            return owner.replace('/', '.') + "." + method.replaceFirst("\\(.*", "");
        }
    }

    /** By class, in the form {@code a/b/C}, its methods with what each calls. */
    private final Map<String, Map<String, List<Call>>> classes = new HashMap<>();

    private final Map<String, String> jars = new HashMap<>();

    private StaticInitializers() {}

    /** Reads all classes of jars and directories. */
    static StaticInitializers in(List<Path> classPath) {
        StaticInitializers all = new StaticInitializers();
        classPath.forEach(all::read);
        return all;
    }

    /** The classes that ask for something, by name; of each what it asks, with the way to the first call that does. */
    SortedMap<String, Map<MachineAccess, String>> asking() {
        SortedMap<String, Map<MachineAccess, String>> asking = new TreeMap<>();
        classes.forEach((name, methods) -> {
            if (methods.containsKey(INITIALIZER)) {
                Map<MachineAccess, String> found = inOwnMethods(name);
                loading(name).ifPresent(way -> found.putIfAbsent(MachineAccess.LIBRARY, way));
                if (!found.isEmpty()) {
                    asking.put(name.replace('/', '.'), found);
                }
            }
        });
        return asking;
    }

    /** The classes that are initialized at the latest when this one is, by what its initializer mentions. */
    Set<String> startedBy(String name) {
        Set<String> started = new HashSet<>();
        String own = name.replace('.', '/');
        walk(own, false, (call, way) -> {
            if (!call.owner().equals(own) && classes.containsKey(call.owner())) {
                started.add(call.owner().replace('/', '.'));
            }
            return false;
        });
        return started;
    }

    /** Of all classes that were read. */
    Set<String> names() {
        Set<String> names = new HashSet<>();
        classes.keySet().forEach(name -> names.add(name.replace('/', '.')));
        return names;
    }

    /** The name of the jar or directory that a class is in. */
    String jarOf(String name) {
        return jars.get(name.replace('.', '/'));
    }

    private Map<MachineAccess, String> inOwnMethods(String name) {
        Map<MachineAccess, String> found = new EnumMap<>(MachineAccess.class);
        walk(name, false, (call, way) -> {
            if (call.access() != null) {
                found.putIfAbsent(call.access(), way + call.shown());
            }
            return false;
        });
        return found;
    }

    private Optional<String> loading(String name) {
        List<String> found = new ArrayList<>();
        walk(name, true, (call, way) -> {
            if (call.access() == MachineAccess.LIBRARY) {
                found.add(way + call.shown());
                return true;
            }
            return false;
        });
        return found.stream().findFirst();
    }

    private interface Visitor {
        /** @return whether that is enough */
        boolean visit(Call call, String way);
    }

    private record Step(String owner, String method, int depth, String way) {}

    /** From an initializer along the calls, nearest first. */
    private void walk(String name, boolean everywhere, Visitor visitor) {
        Deque<Step> ahead = new ArrayDeque<>();
        Set<String> seen = new HashSet<>();
        ahead.add(new Step(name, INITIALIZER, 0, ""));
        while (!ahead.isEmpty()) {
            Step step = ahead.remove();
            for (Call call : classes.getOrDefault(step.owner(), Map.of()).getOrDefault(step.method(), List.of())) {
                if (visitor.visit(call, step.way())) {
                    return;
                }
                if (step.depth() < MAX_DEPTH && (everywhere || isOf(name, call.owner()))) {
                    follow(call, step, name, ahead, seen);
                }
            }
        }
    }

    /** A class itself, and the anonymous ones in it, such as privileged actions. */
    private static boolean isOf(String name, String owner) {
        return owner.equals(name)
                || (owner.startsWith(name + "$") && ANONYMOUS.matcher(owner).matches());
    }

    private void follow(Call call, Step step, String name, Deque<Step> ahead, Set<String> seen) {
        if (!classes.containsKey(call.owner())) {
            return;
        }
        String way = step.way() + (call.owner().equals(name) ? call.method().replaceFirst("\\(.*", "") : call.shown())
                + " > ";
        if (!call.method().isEmpty() && seen.add(call.owner() + "." + call.method())) {
            ahead.add(new Step(call.owner(), call.method(), step.depth() + 1, way));
        }
        if (call.method().startsWith("<init>")
                && ANONYMOUS.matcher(call.owner()).matches()) {
            classes.get(call.owner()).keySet().stream()
                    .filter(method -> ACTION.matcher(method).matches() && seen.add(call.owner() + "." + method))
                    .forEach(method -> ahead.add(new Step(call.owner(), method, step.depth() + 1, way)));
        }
        if (!call.owner().equals(name) && seen.add(call.owner() + "." + INITIALIZER)) {
            ahead.add(new Step(
                    call.owner(),
                    INITIALIZER,
                    step.depth() + 1,
                    step.way() + call.owner().replace('/', '.') + ".<clinit> > "));
        }
    }

    private void read(Path path) {
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".class")).toList()) {
                    read(Files.readAllBytes(file), path.getFileName().toString());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + path, e);
            }
            return;
        }
        try (JarFile jar = new JarFile(path.toFile(), true, JarFile.OPEN_READ, Runtime.version())) {
            for (JarEntry entry : jar.versionedStream().toList()) {
                if (entry.getName().endsWith(".class") && !entry.getName().endsWith("-info.class")) {
                    try (InputStream content = jar.getInputStream(entry)) {
                        read(content.readAllBytes(), path.getFileName().toString());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private void read(byte[] content, String jar) {
        ClassReader reader = new ClassReader(content);
        Map<String, List<Call>> methods = new HashMap<>();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        List<Call> calls = new ArrayList<>();
                        methods.put(name.intern() + descriptor.intern(), calls);
                        return new Calls(calls);
                    }
                },
                ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        classes.putIfAbsent(reader.getClassName(), methods);
        jars.putIfAbsent(reader.getClassName(), jar);
    }

    /** The calls of one method, and the classes whose static fields it reads. */
    private static final class Calls extends MethodVisitor {

        private final List<Call> calls;
        private final Deque<String> constants = new ArrayDeque<>();

        Calls(List<Call> calls) {
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
                calls.add(new Call(owner.intern(), "", null));
            }
            constants.clear();
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            add(owner, name, descriptor);
            constants.clear();
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            for (Object argument : arguments) {
                if (argument instanceof Handle handle) {
                    add(handle.getOwner(), handle.getName(), handle.getDesc());
                }
            }
            constants.clear();
        }

        private void add(String owner, String name, String descriptor) {
            String argument = constants.peekLast();
            MachineAccess access =
                    MachineAccess.of(owner, name, descriptor, argument).orElse(null);
            calls.add(new Call(owner.intern(), (name + descriptor).intern(), access));
        }
    }
}
