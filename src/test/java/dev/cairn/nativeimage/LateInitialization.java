package dev.cairn.nativeimage;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Which classes an executable initializes when it runs. All others are initialized by the builder, on a whole JVM: what their
 * initializers reach by name is there.
 */
final class LateInitialization {

    /** Written by Quarkus: it names the classes and packages that extensions want so. */
    private static final String FEATURE = "io.quarkus.runner.Feature";

    private final Set<String> names = new HashSet<>();
    private final Bytecode sources;

    private LateInitialization(Bytecode sources) {
        this.sources = sources;
    }

    static LateInitialization of(ExecutableMetadata metadata, Bytecode sources) {
        LateInitialization late = new LateInitialization(sources);
        metadata.values("--initialize-at-run-time").forEach(late.names::add);
        sources.find(FEATURE).ifPresent(late::addConstants);
        return late;
    }

    /** The names that stand before the call that asks for it. */
    private void addConstants(ClassNode feature) {
        List<String> ahead = new ArrayList<>();
        feature.methods.forEach(method -> method.instructions.forEach(instruction -> {
            if (instruction instanceof LdcInsnNode constant && constant.cst instanceof String text) {
                ahead.add(text);
            } else if (instruction instanceof MethodInsnNode call
                    && call.owner.endsWith("/RuntimeClassInitialization")) {
                if (call.name.equals("initializeAtRunTime")) {
                    names.addAll(ahead);
                }
                ahead.clear();
            }
        }));
    }

    /** So is a class whose superclass is. */
    boolean contains(String type) {
        return isNamed(type)
                || sources.find(type)
                        .map(node -> node.superName)
                        .filter(superclass -> contains(superclass.replace('/', '.')))
                        .isPresent();
    }

    /** A name is one of a class, or of a package with everything in it. */
    private boolean isNamed(String type) {
        return names.stream().anyMatch(name -> type.equals(name) || type.startsWith(name + "."));
    }
}
