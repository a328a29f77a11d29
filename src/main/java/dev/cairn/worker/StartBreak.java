package dev.cairn.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Breaks a start off when the process is told to end: the application's own hook waits until it has started. */
final class StartBreak implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Thread starter = Thread.currentThread();
    private final Thread hook = new Thread(this::breakOff, "cairn-start-break");
    private boolean over;
    private boolean broken;

    private StartBreak() {}

    /** From now on, for what this thread does. */
    static StartBreak onSigterm() {
        StartBreak start = new StartBreak();
        try {
            Runtime.getRuntime().addShutdownHook(start.hook);
        } catch (IllegalStateException e) {
            // The process ends already.
            start.breakNow();
        }
        return start;
    }

    /** What is done in a moment is left to its end. */
    private synchronized void breakOff() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!over && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.timedWait(this, PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!over) {
            breakNow();
        }
    }

    private synchronized void breakNow() {
        broken = true;
        starter.interrupt();
    }

    /** Whether the start has been broken off. */
    synchronized boolean isBroken() {
        return broken;
    }

    /** The start is over, one way or the other. */
    @Override
    public void close() {
        synchronized (this) {
            over = true;
            notifyAll();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process ends; whoever ends it waits for nothing that this interrupt is about.
            Thread.interrupted();
        }
    }
}
