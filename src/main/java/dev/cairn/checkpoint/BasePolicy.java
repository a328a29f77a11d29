package dev.cairn.checkpoint;

/** When a base is worth its upload. */
final class BasePolicy {

    /** A restore ingests all deltas at once, and reads look into each until they are compacted. */
    private static final int MOST_DELTAS = 64;

    /** Below this, restoring the deltas costs less than thinking about it. */
    private static final long WORTHWHILE_BYTES = 16L << 20;

    private static final int FEWEST_DELTAS = 4;

    private BasePolicy() {}

    /** Whether the chain of deltas has become long, or as large as what it builds on. */
    static boolean isDue(CheckpointMetadata checkpoint) {
        long files = checkpoint.deltas().stream()
                .filter(delta -> !delta.holdsChanges())
                .count();
        long baseBytes = checkpoint.base() == null ? 0 : checkpoint.base().bytes();
        long deltaBytes = checkpoint.fullBytes() - baseBytes;
        return files >= MOST_DELTAS
                || (files >= FEWEST_DELTAS && deltaBytes >= WORTHWHILE_BYTES && deltaBytes >= baseBytes);
    }
}
