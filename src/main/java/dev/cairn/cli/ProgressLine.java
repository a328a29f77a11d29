package dev.cairn.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far one part of the work has come, as one line of a terminal: share, bar, steps, time, speed. A thread of its own draws
 * it, so that the time moves while the work does not. The line is gone once it is closed. Thread-safe.
 *
 * <p>A terminal of any width has it on one line: what does not fit is cut off by the terminal, which is told not to wrap.
 */
final class ProgressLine implements AutoCloseable {

    private static final int UPDATE_MILLIS = 200;
    private static final int BAR_CHARS = 30;

    /** The sequences of ECMA-48 and of DEC's terminals, which every terminal of Linux and macOS knows. */
    private static final String WITHOUT_WRAP = "\r\033[?7l";

    private static final String ERASE_REST = "\033[K";
    private static final String WITH_WRAP = "\033[?7h";

    private final String what;
    private final long steps;
    private final PrintStream terminal;
    private final AtomicLong done = new AtomicLong();
    private final long beganNanos = System.nanoTime();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cairn-progress");
        thread.setDaemon(true);
        return thread;
    });
    private boolean closed;

    private ProgressLine(String what, long steps, PrintStream terminal) {
        this.what = what;
        this.steps = steps;
        this.terminal = terminal;
    }

    /** Draws a line from now on. */
    @SuppressWarnings("FutureReturnValueIgnored") // It ends with its executor.
    static ProgressLine start(String what, long steps, PrintStream terminal) {
        ProgressLine line = new ProgressLine(what, steps, terminal);
        line.clock.scheduleAtFixedRate(line::draw, 0, UPDATE_MILLIS, TimeUnit.MILLISECONDS);
        return line;
    }

    void advance(long by) {
        done.addAndGet(by);
    }

    private synchronized void draw() {
        if (!closed) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beganNanos);
            print(WITHOUT_WRAP + text(what, done.get(), steps, elapsed) + ERASE_REST + WITH_WRAP);
        }
    }

    /** What is drawn; without a share and a bar where the number of steps is unknown. */
    static String text(String what, long done, long steps, Duration elapsed) {
        double seconds = elapsed.toNanos() / 1e9;
        String speed = String.format(Locale.ROOT, "%.1f/s", seconds > 0 ? done / seconds : 0);
        if (steps <= 0) {
            return what + " " + done + " (" + clock(elapsed) + ") " + speed;
        }
        double share = Math.min(1, Math.max(0, (double) done / steps));
        int filled = (int) (share * BAR_CHARS);
        String bar = filled == BAR_CHARS
                ? "=".repeat(BAR_CHARS)
                : "=".repeat(filled) + ">" + " ".repeat(BAR_CHARS - filled - 1);
        String left = done > 0 ? clock(Duration.ofMillis((long) (seconds * 1_000 * (1 - share) / share))) : "?";
        return String.format(
                Locale.ROOT,
                "%s %3d%% [%s] %d/%d (%s / %s) %s",
                what,
                (int) (share * 100),
                bar,
                done,
                steps,
                clock(elapsed),
                left,
                speed);
    }

    private static String clock(Duration time) {
        return String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    private void print(String sequence) {
        terminal.print(sequence);
        terminal.flush();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            clock.shutdownNow();
            print("\r" + ERASE_REST);
        }
    }
}
