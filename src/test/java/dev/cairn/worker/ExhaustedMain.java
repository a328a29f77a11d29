package dev.cairn.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import org.jboss.logging.Logger;

/** Runs out of memory in a way that its argument names, and would then continue for ever. */
public final class ExhaustedMain {

    private static final Logger LOG = Logger.getLogger(ExhaustedMain.class);

    private ExhaustedMain() {}

    /** Begins. */
    public static void main(String... arguments) throws InterruptedException {
        OutOfMemory.endProcess();
        Thread thread = new Thread(() -> {
            if (arguments[0].equals("uncaught")) {
                fill();
            }
            try {
                fill();
            } catch (OutOfMemoryError e) {
                LOG.warn("caught by a library", arguments[0].equals("wrapped") ? new CompletionException(e) : e);
            }
        });
        thread.start();
        while (true) {
            TimeUnit.HOURS.sleep(1);
        }
    }

    @SuppressWarnings("ModifiedButNotUsed") // It is to fill the memory.
    private static void fill() {
        List<byte[]> all = new ArrayList<>();
        while (true) {
            all.add(new byte[1 << 20]);
        }
    }
}
