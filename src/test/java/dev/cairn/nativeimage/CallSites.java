package dev.cairn.nativeimage;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

import dev.cairn.testkit.trace.Access;

/**
 * The calls by which something was reached, in the bytecode of the callers.
 *
 * <p>The builder resolves a call by itself when all of its arguments are constants where it stands: literals of the method,
 * or local variables that hold only these.
 */
final class CallSites {

    /** Those of which the builder does so. */
    private static final Set<String> RESOLVED = Set.of(
            "java.lang.Class.forName",
            "java.lang.Class.getMethod",
            "java.lang.Class.getDeclaredMethod",
            "java.lang.Class.getConstructor",
            "java.lang.Class.getDeclaredConstructor",
            "java.lang.Class.getField",
            "java.lang.Class.getDeclaredField",
            "java.lang.Class.getResource",
            "java.lang.Class.getResourceAsStream",
            "java.lang.Class.newInstance",
            "java.lang.invoke.MethodHandles$Lookup.findClass",
            "java.lang.invoke.MethodHandles$Lookup.findConstructor",
            "java.lang.invoke.MethodHandles$Lookup.findVirtual",
            "java.lang.invoke.MethodHandles$Lookup.findStatic",
            "java.lang.invoke.MethodHandles$Lookup.findSpecial",
            "java.lang.invoke.MethodHandles$Lookup.findGetter",
            "java.lang.invoke.MethodHandles$Lookup.findSetter",
            "java.lang.invoke.MethodHandles$Lookup.findStaticGetter",
            "java.lang.invoke.MethodHandles$Lookup.findStaticSetter",
            "java.lang.invoke.MethodHandles$Lookup.findVarHandle",
            "java.lang.invoke.MethodHandles$Lookup.findStaticVarHandle",
            "java.lang.reflect.Proxy.newProxyInstance");

    private final Bytecode bytecode;
    private final Map<String, Frame<SourceValue>[]> frames = new HashMap<>();

    CallSites(Bytecode bytecode) {
        this.bytecode = bytecode;
    }

    /**
     * Whether the caller calls {@code loadClass} itself: most loading is the JVM's, because code mentions a class. A caller
     * that is in no jar is taken to do so. One that calls a {@code loadClass} of the very class that is loaded only mentions it.
     */
    boolean isExplicit(Access load) {
        return bytecode.find(load.caller(), load.callerMethod()).isEmpty()
                || call(load)
                        .filter(call -> call.name.equals("loadClass"))
                        .filter(call -> !call.owner.replace('/', '.').equals(load.owner()))
                        .isPresent();
    }

    /** Whether the builder resolves the call by itself. */
    boolean isResolvedByBuilder(Access access) {
        if (!RESOLVED.contains(access.by())) {
            return false;
        }
        return call(access)
                .filter(call -> access.by().endsWith("." + call.name))
                .filter(call -> hasConstants(access, call))
                .isPresent();
    }

    /** Whether a class is one of the application or its libraries. */
    boolean isInApplication(String type) {
        return bytecode.find(type).isPresent();
    }

    private Optional<MethodInsnNode> call(Access access) {
        return bytecode.find(access.caller(), access.callerMethod())
                .flatMap(method -> instruction(access, method))
                .filter(MethodInsnNode.class::isInstance)
                .map(MethodInsnNode.class::cast);
    }

    private Optional<AbstractInsnNode> instruction(Access access, MethodNode method) {
        int ordinal = bytecode.ordinalOf(access.caller(), access.callerMethod(), access.index());
        if (ordinal < 0) {
            return Optional.empty();
        }
        int seen = 0;
        for (AbstractInsnNode node : method.instructions) {
            if (node.getOpcode() >= 0 && seen++ == ordinal) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    private boolean hasConstants(Access access, MethodInsnNode call) {
        MethodNode method =
                bytecode.find(access.caller(), access.callerMethod()).orElseThrow();
        Frame<SourceValue>[] states = frames.computeIfAbsent(
                access.caller() + "." + access.callerMethod(), name -> analyze(access.caller(), method));
        Frame<SourceValue> state = states[method.instructions.indexOf(call)];
        if (state == null) {
            return false;
        }
        // What it is called on belongs to it where that is a class; a lookup and a class loader do not matter.
        int arguments = Type.getArgumentCount(call.desc);
        boolean onClass = call.getOpcode() != Opcodes.INVOKESTATIC && call.owner.equals("java/lang/Class");
        int from = state.getStackSize() - arguments - (onClass ? 1 : 0);
        for (int i = from; i < state.getStackSize(); i++) {
            int argument = i - (state.getStackSize() - arguments);
            if (!isIrrelevant(call, argument) && !isConstant(state.getStack(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIrrelevant(MethodInsnNode call, int argument) {
        if (argument < 0) {
            return false;
        }
        String type = Type.getArgumentTypes(call.desc)[argument].getClassName();
        return type.equals("java.lang.ClassLoader")
                || type.equals("java.lang.reflect.InvocationHandler")
                || type.equals("boolean");
    }

    private static boolean isConstant(SourceValue value) {
        return !value.insns.isEmpty() && value.insns.stream().allMatch(CallSites::isConstant);
    }

    private static boolean isConstant(AbstractInsnNode source) {
        if (source instanceof LdcInsnNode || source.getOpcode() == Opcodes.ACONST_NULL) {
            return true;
        }
        // int.class and the like; arrays of types, whose elements are literals wherever they are written like this;
        // and types of methods, which are made of types.
        return (source instanceof FieldInsnNode field && field.name.equals("TYPE"))
                || source.getOpcode() == Opcodes.ANEWARRAY
                || (source instanceof MethodInsnNode call && call.owner.equals("java/lang/invoke/MethodType"));
    }

    private static Frame<SourceValue>[] analyze(String type, MethodNode method) {
        try {
            return new Analyzer<>(new ThroughLocals()).analyze(type.replace('.', '/'), method);
        } catch (AnalyzerException e) {
            throw new IllegalStateException("the bytecode of " + type + "." + method.name + " is not understood", e);
        }
    }

    /** A local variable, and a cast, are what was put into them. */
    private static final class ThroughLocals extends SourceInterpreter {

        ThroughLocals() {
            super(Opcodes.ASM9);
        }

        @Override
        public SourceValue copyOperation(AbstractInsnNode instruction, SourceValue value) {
            return value.insns.isEmpty() ? super.copyOperation(instruction, value) : value;
        }

        @Override
        public SourceValue unaryOperation(AbstractInsnNode instruction, SourceValue value) {
            return instruction.getOpcode() == Opcodes.CHECKCAST ? value : super.unaryOperation(instruction, value);
        }
    }
}
