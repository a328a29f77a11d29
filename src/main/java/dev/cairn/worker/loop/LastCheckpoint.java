package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.RollBackException;

/** The checkpoint that a loop takes, and waits for, before it ends or gives partitions up. On the loop's thread. */
record LastCheckpoint(LoopContext context, LoopCheckpoints checkpoints) {

    /** How long it waits for a store that fails: well inside the grace period of a pod. */
    static final Duration FAILING_STORE_LIMIT = Duration.ofSeconds(10);

    /**
     * Finishes the checkpoint in flight and takes a last one, waiting for both.
     *
     * @throws RollBackException when that does not succeed within the limit
     */
    void take() {
        long deadline = System.nanoTime() + context.lastCheckpointLimit().toNanos();
        await(deadline);
        if (checkpoints.start(CheckpointReport.Trigger.LAST)) {
            await(deadline);
        }
    }

    private void await(long deadline) {
        long began = System.nanoTime();
        while (checkpoints.isInFlight()) {
            context.status().turned();
            // A worker that ends waits neither for an answer to its commit nor for one about its inputs for long.
            if (!checkpoints.isPreparing() && context.endsWithoutKafka(began)) {
                throw new RollBackException("Kafka has not answered in the time that a worker has for its end");
            }
            checkpoints.advance();
            if (System.nanoTime() - deadline > 0) {
                throw new RollBackException(
                        "the last checkpoint was not finished in time" + checkpoints.lastStoreFailure());
            }
            if (checkpoints.isPreparing() && System.nanoTime() - began >= FAILING_STORE_LIMIT.toNanos()) {
                requireStore();
            }
            LockSupport.parkNanos(LoopCheckpoints.WAIT_NANOS);
        }
    }

    /** A store that has been failing for a while will hardly come back before the process is killed. */
    private void requireStore() {
        context.environment()
                .checkpointing()
                .objects()
                .status()
                .failingWrites()
                .filter(failure -> failure.lasting().compareTo(FAILING_STORE_LIMIT) >= 0)
                .ifPresent(failure -> {
                    throw new RollBackException("the store has been failing for "
                            + failure.lasting().toSeconds() + " s: " + failure.message());
                });
    }
}
