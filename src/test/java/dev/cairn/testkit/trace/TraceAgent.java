package dev.cairn.testkit.trace;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.cairn.testkit.trace.recorder.Recorder;

/**
 * Runs in the traced process before its {@code main}, and replaces the classes whose methods look things up by name: in those of
 * its jar, these methods tell the recorder.
 */
public final class TraceAgent implements ClassFileTransformer {

    /** The names of the classes that its jar has. */
    static final String NAMES = "woven/names";

    private final Map<String, byte[]> woven;

    private TraceAgent(Map<String, byte[]> woven) {
        this.woven = woven;
    }

    /** Where its jar has a class. */
    static String entry(String type) {
        return "woven/" + type;
    }

    /**
     * Called by the JVM.
     *
     * @param directory gets a file of this process
     */
    public static void premain(String directory, Instrumentation jvm)
            throws IOException, ClassNotFoundException, UnmodifiableClassException {
        Path traces = Files.createDirectories(Path.of(directory));
        Recorder.open(Files.createTempFile(traces, "process-", Traces.SUFFIX).toString());
        // All of it before anything is recorded: the agent's own look-ups are none of the worker's.
        Map<String, byte[]> woven = new HashMap<>();
        List<Class<?>> loaded = new ArrayList<>();
        for (String type : new String(read(NAMES), StandardCharsets.UTF_8).split("\n", -1)) {
            woven.put(type, read(entry(type)));
            if (!type.equals(TracedMethods.LOADER_OF_QUARKUS)) {
                loaded.add(Class.forName(type));
            }
        }
        jvm.addTransformer(new TraceAgent(woven), true);
        jvm.retransformClasses(loaded.toArray(Class<?>[]::new));
        Recorder.start();
    }

    @Override
    public byte[] transform(
            Module module, ClassLoader loader, String name, Class<?> old, ProtectionDomain domain, byte[] bytes) {
        return name == null ? null : woven.get(name.replace('/', '.'));
    }

    private static byte[] read(String entry) throws IOException {
        try (InputStream file = TraceAgent.class.getClassLoader().getResourceAsStream(entry)) {
            return file.readAllBytes();
        }
    }
}
