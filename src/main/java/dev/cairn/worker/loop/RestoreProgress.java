package dev.cairn.worker.loop;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import dev.cairn.checkpoint.store.Progress;
import dev.cairn.worker.status.WorkerStatus;

/** How far an attempt to restore a partition has come, in bytes. Thread-safe. */
final class RestoreProgress implements Progress {

    private final Instant startedAt = Instant.now();
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong done = new AtomicLong();

    @Override
    public void begin(String what, long bytes) {
        total.addAndGet(bytes);
    }

    @Override
    public void advance(long bytes) {
        done.addAndGet(bytes);
    }

    WorkerStatus.RestoreInfo info() {
        return new WorkerStatus.RestoreInfo(done.get(), total.get(), startedAt);
    }
}
