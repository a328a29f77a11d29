package dev.cairn.worker;

import dev.cairn.settings.StateBackend;

/**
 * How a worker divides what memory it may use, so that it is bounded without being told.
 *
 * <p>On the heap, two epochs of changes exist at a time (one in the making, one in flight, the latter also serialised),
 * beside a cache of clean entries (or all entries, where state is on the heap alone), the producers' buffers and what the consumers have fetched. Outside of it, the JVM needs
 * its own, and a third of what is left is RocksDB's block cache: the allocator takes about as much again for what comes and
 * goes, and without a page cache every read of cold state, and of the program itself, goes to the disk. Measured with 20
 * million keys in 640 MiB, 256 of them the heap: 1,000 updates a second with a block cache of 112 MiB, 20,000 with 48.
 *
 * @param changesBytes changes of one epoch in one loop
 * @param tablesBytes clean entries in one loop; all of its entries with {@link StateBackend#HASHMAP}
 * @param producerBytes buffers of one producer
 * @param fetchBytes fetched by one loop's consumer at once
 * @param blockCacheBytes RocksDB's block cache, for the whole worker
 */
record MemoryBudget(long changesBytes, long tablesBytes, long producerBytes, int fetchBytes, long blockCacheBytes) {

    private static final long MIB = 1L << 20;
    private static final double CHANGES_SHARE = 0.12;
    private static final double CACHE_SHARE = 0.20;
    private static final double ALL_STATE_SHARE = 0.45;
    private static final double PRODUCERS_SHARE = 0.10;
    private static final double FETCH_SHARE = 0.06;
    private static final long NATIVE_RESERVE_BYTES = 224 * MIB;

    /**
     * Divides.
     *
     * @param heapBytes the most that the heap may grow to
     * @param containerBytes the most that the process may use, by the container's limit or the machine's memory
     * @param loops of this worker
     * @param backend where state is read
     */
    static MemoryBudget of(long heapBytes, long containerBytes, int loops, StateBackend backend) {
        long outside = containerBytes - heapBytes - NATIVE_RESERVE_BYTES;
        return new MemoryBudget(
                share(heapBytes, CHANGES_SHARE, loops),
                share(heapBytes, tablesShare(backend), loops),
                clamp(share(heapBytes, PRODUCERS_SHARE, 2 * loops), 2 * MIB, 64 * MIB),
                (int) clamp(share(heapBytes, FETCH_SHARE, loops), MIB, 50 * MIB),
                clamp(outside / 3, 8 * MIB, 2048 * MIB));
    }

    private static double tablesShare(StateBackend backend) {
        return switch (backend) {
            case ROCKSDB -> CACHE_SHARE;
            case HASHMAP -> ALL_STATE_SHARE;
        };
    }

    private static long share(long bytes, double part, int among) {
        return (long) (bytes * part) / among;
    }

    private static long clamp(long value, long least, long most) {
        return Math.max(least, Math.min(most, value));
    }
}
