package dev.cairn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.cairn.checkpoint.store.Progress;

/** Shows how far long work has come, on a terminal; elsewhere nothing. A part's bar is gone when the part is done. */
final class ProgressBars implements Progress, AutoCloseable {

    private final boolean shown;
    private volatile ProgressLine line;

    private ProgressBars(boolean shown) {
        this.shown = shown;
    }

    /** For a command that prints so. */
    static ProgressBars of(OutputOption output) {
        return output.isForPeople() ? onTerminal() : new ProgressBars(false);
    }

    /** For a command that prints for people only, or nothing. */
    static ProgressBars onTerminal() {
        return new ProgressBars(isTerminal());
    }

    /** Whether standard error is one that can erase; the console of newer JDKs is there in any case. */
    private static boolean isTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
            return target.startsWith("/dev/pts") || target.startsWith("/dev/tty") || target.startsWith("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void begin(String what, long steps) {
        close();
        if (shown) {
            line = ProgressLine.start(what, steps, System.err);
        }
    }

    @Override
    public void advance(long steps) {
        ProgressLine shownNow = line;
        if (shownNow != null) {
            shownNow.advance(steps);
        }
    }

    @Override
    public void close() {
        if (line != null) {
            line.close();
            line = null;
        }
    }
}
