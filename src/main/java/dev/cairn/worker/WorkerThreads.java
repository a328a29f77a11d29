package dev.cairn.worker;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

import dev.cairn.checkpoint.write.CleanUp;
import dev.cairn.storage.ObjectStore;
import dev.cairn.worker.loop.LoopFactory;

/**
 * The threads that the loops of a worker share.
 *
 * @param io writes checkpoints
 * @param bases uploads what can wait
 * @param restores starts partitions
 * @param downloads fetches objects
 * @param cleanUp one thread that deletes
 * @param marks marks checkpoints as committed
 */
record WorkerThreads(
        ExecutorService io,
        ExecutorService bases,
        ScheduledExecutorService restores,
        ExecutorService downloads,
        ExecutorService cleanUp,
        ExecutorService marks) {

    /** Bases can wait, so they get little: checkpoints neither queue behind them nor share their transfers. */
    static final int BASES_AT_ONCE = 2;

    private static final int DOWNLOADS = 8;

    /** They wait for the store most of the time: enough for 500 partitions every 2 s, with 50 ms for a request. */
    private static final int WRITES = 16;

    /** All partitions of a worker that ends are marked at the same time. */
    private static final int MARKS = 16;

    /**
     * The upload of a base that is broken off takes back what it has stored. A start that is broken off closes its database, and
     * leaves the local directory to the next worker.
     */
    private static final Duration TIDY_LIMIT = Duration.ofSeconds(5);

    static WorkerThreads open(int loops, OpenResources resources) {
        return new WorkerThreads(
                resources.threads("cairn-io", WRITES),
                resources.threads("cairn-base", BASES_AT_ONCE, TIDY_LIMIT),
                resources.timer("cairn-restore", Math.max(2, loops), TIDY_LIMIT),
                resources.threads("cairn-download", DOWNLOADS),
                resources.threads("cairn-clean-up", 1),
                resources.threads("cairn-mark", MARKS));
    }

    /** What a loop needs of them, and threads of its own. */
    LoopFactory.Threads ofLoops(ObjectStore objects, OpenResources resources) {
        return new LoopFactory.Threads(
                io,
                bases,
                restores,
                new CleanUp(objects, cleanUp, marks),
                loop -> resources.threads("cairn-checkpoint-" + loop, 1));
    }
}
