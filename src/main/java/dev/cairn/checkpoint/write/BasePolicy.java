package dev.cairn.checkpoint.write;

import dev.cairn.checkpoint.format.CheckpointMetadata;

/** When a base is worth its upload. */
final class BasePolicy {

    /**
     * A restore ingests all deltas at once, and reads look into each until they are compacted. Enough for the chain of a job
     * that changes a hundredth of its state per checkpoint to grow as large as it may.
     */
    private static final int MOST_DELTAS = 128;

    /** Below this, restoring the deltas costs less than thinking about it. */
    private static final long WORTHWHILE_BYTES = 16L << 20;

    private static final int FEWEST_DELTAS = 4;

    /**
     * A base is uploaded once for so much of deltas: together less than twice the deltas by themselves, where a base is no larger
     * than the one before. The price is that a restore may have to fetch that much besides the base.
     */
    private static final double DELTA_BYTES_PER_BASE_BYTE = 1.25;

    private BasePolicy() {}

    /** Whether the chain of deltas has become long, or larger than what it builds on. */
    static boolean isDue(CheckpointMetadata checkpoint) {
        long files = checkpoint.deltas().stream()
                .filter(delta -> !delta.holdsChanges())
                .count();
        long baseBytes = checkpoint.base() == null ? 0 : checkpoint.base().bytes();
        long deltaBytes = checkpoint.fullBytes() - baseBytes;
        return files >= MOST_DELTAS
                || (files >= FEWEST_DELTAS
                        && deltaBytes >= WORTHWHILE_BYTES
                        && deltaBytes >= DELTA_BYTES_PER_BASE_BYTE * baseBytes);
    }
}
