package dev.cairn.state;

import java.util.ArrayList;
import java.util.List;

/**
 * The heap that the state tables of one loop share: changes have a limit that starts a checkpoint, clean entries have one
 * that evicts them. Sizes are estimates in bytes. Used by the loop's thread alone.
 */
public final class StateMemory {

    /** How many buckets an insertion looks at, at most, when the cache is full: bounds the work, not the result. */
    private static final int BUCKETS_PER_SWEEP = 32;

    private final long changesLimit;
    private final long cacheLimit;
    private final List<ValueTable<?>> tables = new ArrayList<>();
    private long changes;
    private long frozen;
    private long cached;
    private int nextTable;

    /**
     * @param changesLimit bytes of changes in one epoch at which a checkpoint is due
     * @param cacheLimit bytes of clean entries kept for reading
     */
    public StateMemory(long changesLimit, long cacheLimit) {
        this.changesLimit = changesLimit;
        this.cacheLimit = cacheLimit;
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

    void register(ValueTable<?> table) {
        tables.add(table);
    }

    void deregister(ValueTable<?> table) {
        tables.remove(table);
        nextTable = 0;
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
        int budget = BUCKETS_PER_SWEEP;
        while (cached > cacheLimit && budget > 0 && !tables.isEmpty()) {
            nextTable = (nextTable + 1) % tables.size();
            int sweep = Math.min(budget, BUCKETS_PER_SWEEP / 4);
            tables.get(nextTable).evict(sweep);
            budget -= sweep;
        }
    }
}
