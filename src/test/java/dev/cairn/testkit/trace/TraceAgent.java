package dev.cairn.testkit.trace;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.isMethod;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;

import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;

import dev.cairn.testkit.trace.recorder.Recorder;

/** Runs in the traced process before its {@code main}: the methods that look things up by name tell the recorder. */
public final class TraceAgent implements ClassFileTransformer {

    private final Advice calls = Advice.to(TracedCall.class);
    private final Advice constructors = Advice.to(TracedConstructor.class);

    private TraceAgent() {}

    /**
     * Called by the JVM.
     *
     * @param directory gets a file of this process
     */
    public static void premain(String directory, Instrumentation jvm)
            throws IOException, ClassNotFoundException, UnmodifiableClassException {
        Path traces = Files.createDirectories(Path.of(directory));
        Recorder.open(Files.createTempFile(traces, "process-", Traces.SUFFIX).toString());
        List<Class<?>> loaded = new ArrayList<>();
        for (String type : TracedMethods.ofTheJdk()) {
            loaded.add(Class.forName(type));
        }
        jvm.addTransformer(new TraceAgent(), true);
        jvm.retransformClasses(loaded.toArray(Class<?>[]::new));
        Recorder.start();
    }

    @Override
    public byte[] transform(
            Module module, ClassLoader loader, String name, Class<?> old, ProtectionDomain domain, byte[] bytes) {
        return name == null ? null : transform(loader, name.replace('/', '.'), bytes);
    }

    /** The JVM ignores what a transformer throws. */
    private byte[] transform(ClassLoader loader, String name, byte[] bytes) {
        ElementMatcher<MethodDescription> methods = TracedMethods.of(name);
        if (methods == null) {
            return null;
        }
        try {
            ClassFileLocator files = new ClassFileLocator.Compound(
                    ClassFileLocator.Simple.of(name, bytes), ClassFileLocator.ForClassLoader.of(loader));
            TypeDescription type = TypePool.Default.of(files).describe(name).resolve();
            return new ByteBuddy()
                    .decorate(type, files)
                    .visit(calls.on(isMethod().and(methods)))
                    .visit(constructors.on(isConstructor().and(methods)))
                    .make()
                    .getBytes();
        } catch (Throwable e) {
            Recorder.failed("cannot trace " + name, e);
            return null;
        }
    }
}
