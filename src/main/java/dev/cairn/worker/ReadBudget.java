package dev.cairn.worker;

import java.util.concurrent.atomic.AtomicLong;

import dev.cairn.worker.StateAnswer.Unavailable;

/** How many bytes of values are answered for several keys together. The first value always fits. Thread-safe. */
public final class ReadBudget {

    /** What the rest of the keys is answered. */
    public static final Unavailable SPENT =
            Unavailable.because("the values before this one have 4 MB together. Ask for fewer keys at a time");

    private static final long BATCH_BYTES = 4L << 20;

    private final AtomicLong left = new AtomicLong(BATCH_BYTES);

    private ReadBudget() {}

    /** One for the keys of a request. */
    public static ReadBudget ofBatch() {
        return new ReadBudget();
    }

    /** Whether nothing more may be read. */
    boolean isSpent() {
        return left.get() <= 0;
    }

    /** Takes a value. @return whether it may be answered */
    public boolean take(int bytes) {
        return left.getAndAdd(-bytes) > 0;
    }
}
