package dev.cairn.worker.output;

import java.util.concurrent.atomic.AtomicLong;

import dev.cairn.worker.status.LoopInfo;

/** How the transactions of a loop have ended. Thread-safe. */
public final class TransactionCounts {

    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong aborted = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();

    void committed() {
        committed.incrementAndGet();
    }

    void aborted() {
        aborted.incrementAndGet();
    }

    /** The broker did not say; the group is asked. */
    void unknown() {
        unknown.incrementAndGet();
    }

    public LoopInfo.Transactions figures() {
        return new LoopInfo.Transactions(committed.get(), aborted.get(), unknown.get());
    }
}
