package dev.cairn.state;

/**
 * What RocksDB says of a partition's database.
 *
 * @param estimatedKeys how many keys it holds, by its own estimate
 * @param liveBytes of the sorted files that count
 * @param files how many there are of them, on all levels
 * @param tableReaderBytes of memory outside of the block cache
 * @param pendingCompactionBytes that compaction has still to rewrite, by its own estimate
 * @param runningCompactions at this moment
 */
public record DatabaseFigures(
        long estimatedKeys,
        long liveBytes,
        long files,
        long tableReaderBytes,
        long pendingCompactionBytes,
        long runningCompactions) {}
