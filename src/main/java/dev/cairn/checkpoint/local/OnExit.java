package dev.cairn.checkpoint.local;

/**
 * What to do if the process is told to end, by Ctrl-C or {@code SIGTERM}, before this is closed. A {@code kill -9}
 * does not ask.
 */
public final class OnExit implements AutoCloseable {

    private final Thread hook;

    private OnExit(Thread hook) {
        this.hook = hook;
    }

    /** Does it then, on a thread of its own, in parallel with everything else. */
    public static OnExit run(Runnable task) {
        Thread hook = new Thread(task, "cairn-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        return new OnExit(hook);
    }

    /** It is not to be done any more. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and it is being done.
        }
    }
}
