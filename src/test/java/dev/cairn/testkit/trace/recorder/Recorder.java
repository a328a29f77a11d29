package dev.cairn.testkit.trace.recorder;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes a line for each thing that the process reaches by name, as soon as it does so: the process may be killed.
 *
 * <p>The same thing from the same place is written once. Calls that come from the JDK itself are left out, because the
 * builder of an executable knows the JDK; those of service loaders, log-in contexts, providers of security and resource bundles
 * are not, because their names are the application's.
 */
public final class Recorder {

    private static final ThreadLocal<Boolean> RECORDING = new ThreadLocal<>();
    private static final Set<String> WRITTEN = ConcurrentHashMap.newKeySet();
    private static final Set<Object> USED = ConcurrentHashMap.newKeySet();

    private static volatile OutputStream out;
    private static volatile boolean records;

    private Recorder() {}

    /** Where to write. */
    public static void open(String file) throws IOException {
        out = new FileOutputStream(file, true);
    }

    /** Begins to record: what was called so far was the agent's own. */
    public static void start() {
        records = true;
    }

    /**
     * A method has returned or thrown. Never throws.
     *
     * @param method the class and the name of the method
     * @param self what it was called on; null for a static method
     */
    public static void called(String method, Object self, Object[] arguments, Object result, Throwable thrown) {
        if (!records || RECORDING.get() != null) {
            return;
        }
        RECORDING.set(Boolean.TRUE);
        try {
            Reached reached = Calls.describe(method, self, arguments, result, thrown);
            if (reached != null && (reached.used == null || !USED.contains(reached.used))) {
                record(reached);
            }
        } catch (Throwable e) {
            failed(method, e);
        } finally {
            RECORDING.remove();
        }
    }

    /** Something is wrong with the agent itself: the reader of the records has to know. */
    public static void failed(String what, Throwable cause) {
        write(new StringBuilder("failure\t").append(what).append('\t').append(cause));
    }

    private static void record(Reached reached) {
        CallStack stack = CallStack.now();
        if (!reached.fromAnywhere && !stack.isOfTheApplication()) {
            return;
        }
        StringBuilder line = new StringBuilder(reached.kind)
                .append('\t')
                .append(reached.owner)
                .append('\t')
                .append(reached.member)
                .append('\t')
                .append(reached.parameters)
                .append('\t')
                .append(reached.declaring)
                .append('\t')
                .append(reached.found)
                .append('\t')
                .append(reached.by)
                .append('\t');
        stack.appendPlaceTo(line);
        if (WRITTEN.add(line.toString())) {
            stack.appendOriginTo(line, reached.by.endsWith(".loadClass"));
            write(line);
        }
        if (reached.used != null && !stack.isInInitializer()) {
            USED.add(reached.used);
        }
    }

    private static void write(StringBuilder line) {
        try {
            // In one call: other threads write as well.
            out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            records = false;
            throw new UncheckedIOException(e);
        }
    }
}
