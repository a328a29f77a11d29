package dev.cairn.testkit.trace.recorder;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Who has called, as far as it matters for an executable. */
final class CallStack implements Consumer<StackWalker.StackFrame> {

    private static final StackWalker WALKER = StackWalker.getInstance(
            Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE, StackWalker.Option.SHOW_REFLECT_FRAMES));
    private static final String OWN = CallStack.class.getPackageName();
    private static final int DEPTH = 48;

    /** Most classes are loaded by the JVM itself: of these only the place matters. */
    private static final int DEPTH_OF_LOADING = 8;

    private final Set<String> initializers = new LinkedHashSet<>();
    private final List<String> frames = new ArrayList<>();
    private boolean passedCalled;
    private StackWalker.StackFrame caller;

    private CallStack() {}

    static CallStack now() {
        CallStack stack = new CallStack();
        WALKER.forEach(stack);
        return stack;
    }

    @Override
    public void accept(StackWalker.StackFrame frame) {
        if (frame.getClassName().startsWith(OWN)) {
            return;
        }
        if (!passedCalled) {
            // The method that was called, into which the call of the recorder was woven.
            passedCalled = true;
            return;
        }
        if (caller == null && !isReflection(frame)) {
            caller = frame;
        }
        if (isOfTheJdk(frame.getDeclaringClass())) {
            return;
        }
        if (frame.getMethodName().equals("<clinit>")) {
            initializers.add(frame.getClassName());
        }
        if (frames.size() < DEPTH) {
            frames.add(String.join(
                    "",
                    frame.getClassName(),
                    "#",
                    frame.getMethodName(),
                    ":",
                    Integer.toString(frame.getLineNumber())));
        }
    }

    /** Classes of the class path have modules without names. */
    private static boolean isOfTheJdk(Class<?> type) {
        return type.getModule().isNamed();
    }

    private static boolean isReflection(StackWalker.StackFrame frame) {
        return (frame.getClassName().startsWith("java.lang.reflect.")
                        && !frame.getClassName().equals("java.lang.reflect.Proxy"))
                || frame.getClassName().startsWith("jdk.internal.reflect.");
    }

    /** Service loaders, log-in contexts and providers of security belong to the JDK, and what they load need not. */
    boolean isOfTheApplication() {
        return caller != null && (!isOfTheJdk(caller.getDeclaringClass()) || loadsForOthers(caller.getClassName()));
    }

    private static boolean loadsForOthers(String type) {
        return type.startsWith("java.util.ServiceLoader")
                || type.startsWith("javax.security.auth.login.")
                || type.startsWith("java.security.Provider");
    }

    boolean isInInitializer() {
        return !initializers.isEmpty();
    }

    /** The call itself, and the initializers it is in: two calls that differ in one of these are different. */
    void appendPlaceTo(StringBuilder line) {
        if (caller == null) {
            line.append("\t\t\t\t");
        } else {
            line.append(caller.getClassName())
                    .append('\t')
                    .append(caller.getMethodName())
                    .append('\t')
                    .append(caller.getDescriptor())
                    .append('\t')
                    .append(caller.getByteCodeIndex())
                    .append('\t');
        }
        join(initializers, ",", line);
        line.append('\t');
    }

    /** The way to it. */
    void appendOriginTo(StringBuilder line, boolean isLoading) {
        join(isLoading ? frames.subList(0, Math.min(frames.size(), DEPTH_OF_LOADING)) : frames, "|", line);
    }

    private static void join(Iterable<String> words, String between, StringBuilder line) {
        String separator = "";
        for (String word : words) {
            line.append(separator).append(word);
            separator = between;
        }
    }
}
