package dev.cairn.worker.status;

import java.time.Duration;
import java.time.Instant;

import dev.cairn.checkpoint.local.Restored;

/** What happens in a worker, for those who show or count it. */
public sealed interface WorkerEvent {

    /** When. */
    Instant at();

    /** A checkpoint has completed or failed. */
    record CheckpointEnded(Instant at, CheckpointReport report) implements WorkerEvent {}

    /**
     * A partition runs.
     *
     * @param source where its state came from
     * @param number of the checkpoint; 0 for an empty state
     * @param path where that lies; empty for an empty state
     * @param fetchedBytes what was read from the store
     * @param duration of the attempt that succeeded
     */
    record PartitionRestored(
            Instant at,
            String worker,
            int partition,
            Restored.Source source,
            long number,
            String path,
            long fetchedBytes,
            Duration duration)
            implements WorkerEvent {}

    /** A partition waits for a person. */
    record PartitionParked(Instant at, String worker, int partition, String cause) implements WorkerEvent {}

    /** A loop went back to its last checkpoint. */
    record RolledBack(Instant at, String worker, int loop, String reason) implements WorkerEvent {}
}
