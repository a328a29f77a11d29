package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What references can lead to: the classes of a class path and of the JDK, and their members. Names are as in class files. */
final class LinkableClasses {

    /** Their methods take whatever they are called with. */
    private static final Set<String> POLYMORPHIC =
            Set.of("java/lang/invoke/MethodHandle", "java/lang/invoke/VarHandle");

    private static final String JDK = "java/";

    private final Map<String, Optional<Linkable>> classes = new HashMap<>();
    private final Map<String, ModuleReference> modules = new HashMap<>();

    /** @param members with their descriptors */
    private record Linkable(List<String> parents, Set<String> members) {}

    LinkableClasses() {
        ModuleFinder.ofSystem()
                .findAll()
                .forEach(module -> module.descriptor().packages().forEach(name -> modules.put(name, module)));
    }

    void add(ClassReader content) {
        classes.putIfAbsent(content.getClassName(), Optional.of(read(content)));
    }

    /** Whether a type is there; so is each of {@code java}, of which a later JDK has more. */
    boolean contain(String type) {
        return type.startsWith(JDK) || find(type).isPresent();
    }

    /**
     * Whether a class or what it inherits has a member. So it is where that cannot be known: a type is missing on the way, or the
     * class is one of {@code java}, of which the builder's JDK may have more than this one.
     */
    boolean haveMember(String owner, String member) {
        return owner.startsWith("[")
                || POLYMORPHIC.contains(owner)
                || (owner.startsWith(JDK) && !BuilderJdk.isThisOne())
                || inherits(owner, member);
    }

    private boolean inherits(String type, String member) {
        return find(type)
                .map(known -> known.members().contains(member)
                        || known.parents().stream().anyMatch(parent -> inherits(parent, member)))
                .orElse(true);
    }

    private Optional<Linkable> find(String type) {
        Optional<Linkable> known = classes.get(type);
        if (known == null) {
            known = ofTheJdk(type);
            classes.put(type, known);
        }
        return known;
    }

    private Optional<Linkable> ofTheJdk(String type) {
        ModuleReference module = modules.get(
                type.substring(0, Math.max(0, type.lastIndexOf('/'))).replace('/', '.'));
        if (module == null) {
            return Optional.empty();
        }
        try (ModuleReader content = module.open()) {
            Optional<InputStream> file = content.open(type + ".class");
            if (file.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = file.get()) {
                return Optional.of(read(new ClassReader(in)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + type, e);
        }
    }

    private static Linkable read(ClassReader content) {
        Set<String> members = new HashSet<>();
        content.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public FieldVisitor visitField(
                            int access, String name, String descriptor, String signature, Object value) {
                        members.add(member(name, descriptor));
                        return null;
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        members.add(member(name, descriptor));
                        return null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        Set<String> parents = new HashSet<>(List.of(content.getInterfaces()));
        if (content.getSuperName() != null) {
            parents.add(content.getSuperName());
        }
        return new Linkable(List.copyOf(parents), members);
    }

    /** As {@code count:I} and {@code count()I}. */
    static String member(String name, String descriptor) {
        return descriptor.startsWith("(") ? name + descriptor : name + ":" + descriptor;
    }
}
