package dev.cairn.worker.loop;

import java.util.Locale;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.LocalSettings;
import dev.cairn.settings.MemorySize;
import dev.cairn.settings.StateBackend;
import dev.cairn.worker.status.StopWorkerException;

/**
 * How a worker divides what memory it may use, so that it is bounded without being told.
 *
 * <p>On the heap, two epochs of changes exist at a time (one in the making, one in flight, the latter also serialised),
 * besides a cache of clean entries (or all entries, where state is on the heap only), the producers' buffers and what the
 * consumers have fetched. Outside of it, the JVM needs its own, and a third of what is left is RocksDB's block cache: the allocator takes about as much again for what comes and
 * goes, and without a page cache every read of cold state, and of the program itself, goes to the disk. Measured with 20
 * million keys in 640 MiB, 256 of them the heap: 1,000 updates a second with a block cache of 112 MiB, 20,000 with 48.
 * Without a container's limit nothing says how much of the machine is the worker's: the block cache is then no larger than
 * the heap and than 256 MiB, unless a setting says otherwise.
 *
 * @param changesBytes changes of one epoch in one loop
 * @param tablesBytes clean entries in one loop; all of its entries with {@link StateBackend#HASHMAP}
 * @param producerBytes buffers of one producer
 * @param fetchBytes fetched by one loop's consumer at once
 * @param blockCacheBytes RocksDB's block cache, for the whole worker
 */
public record MemoryBudget(
        long changesBytes, long tablesBytes, long producerBytes, int fetchBytes, long blockCacheBytes) {

    private static final long MIB = 1L << 20;
    private static final double CHANGES_SHARE = 0.12;
    private static final double CACHE_SHARE = 0.20;
    private static final double ALL_STATE_SHARE = 0.45;
    private static final double PRODUCERS_SHARE = 0.10;
    private static final double FETCH_SHARE = 0.06;
    private static final long NATIVE_RESERVE_BYTES = 224 * MIB;
    private static final long MIN_BLOCK_CACHE_BYTES = 8 * MIB;
    private static final long MAX_BLOCK_CACHE_BYTES = 2048 * MIB;

    /** Where nothing says how much of the machine is the worker's. */
    private static final long MAX_UNLIMITED_BYTES = 256 * MIB;

    /**
     * Divides.
     *
     * @param heapBytes the most that the heap may grow to
     * @param memory what the process may use
     * @param loops of this worker
     * @param local where state is read, and what RocksDB is given
     * @throws StopWorkerException when RocksDB is given more than there is
     */
    public static MemoryBudget of(long heapBytes, ProcessMemory memory, int loops, LocalSettings local) {
        return new MemoryBudget(
                share(heapBytes, CHANGES_SHARE, loops),
                share(heapBytes, tablesShare(local.backend()), loops),
                clamp(share(heapBytes, PRODUCERS_SHARE, 2 * loops), 2 * MIB, 64 * MIB),
                (int) clamp(share(heapBytes, FETCH_SHARE, loops), MIB, 50 * MIB),
                local.rocksMemory()
                        .map(size -> fitting(size, heapBytes, memory))
                        .orElseGet(() -> blockCache(heapBytes, memory)));
    }

    private static long blockCache(long heapBytes, ProcessMemory memory) {
        long third = (memory.bytes() - heapBytes - NATIVE_RESERVE_BYTES) / 3;
        long most = memory.isLimited() ? MAX_BLOCK_CACHE_BYTES : Math.min(heapBytes, MAX_UNLIMITED_BYTES);
        return clamp(third, MIN_BLOCK_CACHE_BYTES, Math.max(MIN_BLOCK_CACHE_BYTES, most));
    }

    private static long fitting(MemorySize size, long heapBytes, ProcessMemory memory) {
        if (size.bytes() > memory.bytes() - heapBytes) {
            throw new StopWorkerException(SettingNames.ROCKSDB_MEMORY + "=" + size
                    + " does not fit: this process may use " + inMib(memory.bytes()) + " MiB, of which the heap takes "
                    + inMib(heapBytes) + " MiB. Set less, a smaller heap (-Xmx), or a larger limit of the container");
        }
        return size.bytes();
    }

    /**
     * In one line, for the log.
     *
     * @param heapBytes the most that the heap may grow to
     * @param loops of this worker
     */
    public String describe(long heapBytes, int loops) {
        return String.format(
                Locale.ROOT,
                "heap %d MiB, of it for each of %d loops: changes %d, cached state %d, producers 2 x %d, fetched records %d;"
                        + " outside of the heap: RocksDB's block cache %d MiB",
                inMib(heapBytes),
                loops,
                inMib(changesBytes),
                inMib(tablesBytes),
                inMib(producerBytes),
                inMib(fetchBytes),
                inMib(blockCacheBytes));
    }

    private static long inMib(long bytes) {
        return bytes / MIB;
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
