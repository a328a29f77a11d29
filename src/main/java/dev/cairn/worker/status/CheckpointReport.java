package dev.cairn.worker.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How a checkpoint of a loop has ended: of all its partitions that had moved, which are committed together.
 *
 * @param worker the instance
 * @param loop its number
 * @param trigger why it was taken
 * @param outcome how it ended
 * @param triggeredAt when it began
 * @param duration from its beginning until the databases had it, or until it had failed
 * @param freeze how long the loop was held up
 * @param commit from the moment the offsets were sent until the outcome was known; zero where it did not come to that
 * @param failure why it FAILED; empty otherwise
 * @param parts the partitions; those of a failed one may not have been written
 */
public record CheckpointReport(
        String worker,
        int loop,
        Trigger trigger,
        Outcome outcome,
        Instant triggeredAt,
        Duration duration,
        Duration freeze,
        Duration commit,
        String failure,
        List<Part> parts) {

    public CheckpointReport {
        parts = List.copyOf(parts);
    }

    /** Why a checkpoint is taken. */
    public enum Trigger {
        /** The time for it had come. */
        INTERVAL,
        /** The changes had reached their limit. */
        MEMORY,
        /** Someone asked for it. */
        REQUESTED,
        /** The loop ends, or gives partitions up. */
        LAST
    }

    /** How a checkpoint ends. */
    public enum Outcome {
        COMPLETED,
        FAILED
    }

    /**
     * One partition's part.
     *
     * @param partition the partition
     * @param number of its checkpoint
     * @param uid of its checkpoint; empty where it was not written
     * @param path where its {@code _metadata} lies; empty where it was not written
     * @param deltaBytes what had changed
     * @param fullBytes what a restore takes
     * @param freeze of this partition only
     * @param sort of the changes
     * @param write of the sorted file to the local disk
     * @param upload of it and of {@code _metadata}
     * @param ingest of it into the database
     */
    public record Part(
            int partition,
            long number,
            String uid,
            String path,
            long deltaBytes,
            long fullBytes,
            Duration freeze,
            Duration sort,
            Duration write,
            Duration upload,
            Duration ingest) {}

    /** The highest number of its partitions; 0 where there are none. */
    public long highestNumber() {
        return parts.stream().mapToLong(Part::number).max().orElse(0);
    }

    /** What had changed, of all partitions. */
    public long deltaBytes() {
        return parts.stream().mapToLong(Part::deltaBytes).sum();
    }

    /** What a restore takes, of all partitions. */
    public long fullBytes() {
        return parts.stream().mapToLong(Part::fullBytes).sum();
    }
}
