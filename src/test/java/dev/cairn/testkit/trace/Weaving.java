package dev.cairn.testkit.trace;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.isMethod;

import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;

/** Weaves the call of the recorder into classes: once in the test, for all processes that it traces with the same JDK. */
final class Weaving {

    private static final ClassFileLocator FILES = new ClassFileLocator.Compound(
            ClassFileLocator.ForClassLoader.ofSystemLoader(), ClassFileLocator.ForClassLoader.ofPlatformLoader());

    private Weaving() {}

    /** The content of a class that is traced. */
    static byte[] of(String name) {
        ElementMatcher<MethodDescription> methods = TracedMethods.of(name);
        TypeDescription type = TypePool.Default.of(FILES).describe(name).resolve();
        return new ByteBuddy()
                .decorate(type, FILES)
                .visit(Advice.to(TracedCall.class).on(isMethod().and(methods)))
                .visit(Advice.to(TracedConstructor.class).on(isConstructor().and(methods)))
                .make()
                .getBytes();
    }
}
