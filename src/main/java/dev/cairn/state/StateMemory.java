package dev.cairn.state;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that the state tables of one loop share: changes have a limit that starts a checkpoint. The tables are either a
 * cache, which is kept below its limit by eviction, or hold all of the state, which has to fit. Sizes are estimates in
 * bytes. Used by the loop's thread, apart from what others {@linkplain #reserve reserve} for it.
 */
public final class StateMemory {

    /** How many buckets an insertion looks at, at most, when the cache is full: bounds the work, not the result. */
    private static final int BUCKETS_PER_SWEEP = 32;

    private final long changesLimit;
    private final long tablesLimit;
    private final boolean holdsAll;
    private final List<Cache> tables = new ArrayList<>();
    private final AtomicLong reserved = new AtomicLong();
    private volatile long held;
    private long changes;
    private long frozen;
    private long cached;
    private long reads;
    private long misses;
    private int nextTable;

    /** What takes part of the heap that is shared. */
    interface Cache {

        /** Estimated bytes of all that it has. */
        long bytes();

        /** Gives up what was not used of late, and can be had again from RocksDB, in the next so many buckets. */
        void evict(int bucketCount);
    }

    private StateMemory(long changesLimit, long tablesLimit, boolean holdsAll) {
        this.changesLimit = changesLimit;
        this.tablesLimit = tablesLimit;
        this.holdsAll = holdsAll;
    }

    /**
     * For tables that hold changes, and a cache of the rest.
     *
     * @param changesLimit bytes of changes in one epoch at which a checkpoint is due
     * @param cacheLimit bytes of clean entries kept for reading
     */
    public static StateMemory caching(long changesLimit, long cacheLimit) {
        return new StateMemory(changesLimit, cacheLimit, false);
    }

    /**
     * For tables that hold all of the state.
     *
     * @param changesLimit bytes of changes in one epoch at which a checkpoint is due
     * @param tablesLimit bytes of all entries, changed or not
     */
    public static StateMemory holdingAll(long changesLimit, long tablesLimit) {
        return new StateMemory(changesLimit, tablesLimit, true);
    }

    /** Whether the tables hold all of the state, so that no read asks RocksDB. */
    public boolean holdsAll() {
        return holdsAll;
    }

    /**
     * Looks whether all of the state still fits.
     *
     * @throws StateTooLargeException when it does not
     */
    public void requireRoom() {
        if (holdsAll) {
            long bytes = 0;
            for (int i = 0; i < tables.size(); i++) {
                bytes += tables.get(i).bytes();
            }
            held = bytes;
            check(bytes + reserved.get());
        }
    }

    /**
     * Sets memory aside for what is being loaded. On any thread.
     *
     * @throws StateTooLargeException when it does not fit; it must be released all the same
     */
    void reserve(long bytes) {
        check(held + reserved.addAndGet(bytes));
    }

    /** What was reserved is the loop's now, or is given up. On any thread. */
    void release(long bytes) {
        reserved.addAndGet(-bytes);
    }

    private void check(long bytes) {
        if (bytes > tablesLimit) {
            throw new StateTooLargeException(tablesLimit);
        }
    }

    /** Whether the changes of the epoch have reached their limit. */
    public boolean changesAtLimit() {
        return changes >= changesLimit;
    }

    /** Bytes of changes in the epoch under way. */
    public long changes() {
        return changes;
    }

    /** Bytes of changes in the checkpoint in flight. */
    public long frozen() {
        return frozen;
    }

    /** Bytes of clean entries. */
    public long cached() {
        return cached;
    }

    /** How often a key's value was asked for, once per record and state. */
    public long reads() {
        return reads;
    }

    /** How often RocksDB had to be asked for it. */
    public long misses() {
        return misses;
    }

    void read() {
        reads++;
    }

    void missed() {
        misses++;
    }

    void register(Cache table) {
        tables.add(table);
    }

    /** Forgets a table. @return whether it was known */
    boolean deregister(Cache table) {
        nextTable = 0;
        return tables.remove(table);
    }

    void addChanges(long bytes) {
        changes += bytes;
    }

    void addFrozen(long bytes) {
        frozen += bytes;
    }

    void addCached(long bytes) {
        cached += bytes;
    }

    /** Makes room when the cache is over its limit. Tables take turns, so that an idle one gives its memory back too. */
    void evictIfFull() {
        if (holdsAll) {
            return;
        }
        int budget = BUCKETS_PER_SWEEP;
        while (cached > tablesLimit && budget > 0 && !tables.isEmpty()) {
            nextTable = (nextTable + 1) % tables.size();
            int sweep = Math.min(budget, BUCKETS_PER_SWEEP / 4);
            tables.get(nextTable).evict(sweep);
            budget -= sweep;
        }
    }
}
