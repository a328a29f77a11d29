package dev.cairn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import dev.cairn.checkpoint.Progress;

/** Shows how far long work has come, on a terminal; elsewhere nothing. A part's bar is gone when the part is done. */
final class ProgressBars implements Progress, AutoCloseable {

    private static final int UPDATE_MILLIS = 200;

    private final boolean shown;
    private ProgressBar bar;

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

    /** Whether standard error is one; the console of newer JDKs is there in any case. */
    private static boolean isTerminal() {
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
            bar = new ProgressBarBuilder()
                    .setTaskName(what)
                    .setInitialMax(steps)
                    .setConsumer(new OneLine())
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(UPDATE_MILLIS)
                    .showSpeed()
                    .clearDisplayOnFinish()
                    .build();
        }
    }

    @Override
    public void advance(long steps) {
        if (bar != null) {
            bar.stepBy(steps);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    /** The next bar is where the last one was. */
    private static final class OneLine extends ConsoleProgressBarConsumer {

        OneLine() {
            super(System.err);
        }

        @Override
        public void close() {
            System.err.flush();
        }
    }
}
