package dev.cairn.state;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keys in the order of a time, so that the earliest is found at once: of timers, or of what expires. It is stored like any
 * state, as <code>time | key</code> with an empty value, see {@link KeyLayout}: its changes belong to the next delta.
 *
 * <p>The nearest entries are on the heap, the rest is in RocksDB. All entries before the <em>horizon</em> are in {@code
 * near}, those of the epoch and of the checkpoint in flight included; what is known of the entries from the horizon on are
 * the changes only. When {@code near} is empty, the next few hundred are read at once, so that RocksDB is asked once in as
 * many entries. Both backends do the same.
 *
 * <pre>
 *    time ────────────────────────────────────────────────►
 *         near: changed, frozen, stored │ horizon │ RocksDB, and changes over it
 * </pre>
 *
 * <p>The caller of {@link #put} and {@link #remove} knows what the index has: it never puts what is there, and never removes
 * what is not. So an entry that comes
 * and goes within an epoch leaves no trace in the delta. One that does not know that calls {@link #include} and {@link #exclude} only. A failed record must not reach the index: {@link DeclaredState#keep}
 * is the place to change it.
 *
 * <p>Used by the loop's thread only.
 */
final class TimeIndex implements HeapLayer, StateMemory.Cache {

    /** The time of no entry. */
    static final long NONE = Long.MAX_VALUE;

    /** Entries that are read at once. */
    private static final int READ_ENTRIES = 512;

    /** Entries on the heap that could be read again. */
    private static final int MAX_NEAR = 2 * READ_ENTRIES;

    /** What eviction leaves, so that it does not make each firing read. */
    private static final int MIN_NEAR = 16;

    /** A node of a tree, and the header of the key's array. */
    private static final int ENTRY_OVERHEAD_BYTES = 72;

    private static final byte[] NOTHING = {};

    /** What a layer has made of an entry of the layers below. */
    private enum Mark {
        ADDED,
        REMOVED
    }

    private final StateDescriptor descriptor;
    private final PartitionDatabase database;
    private final StateMemory memory;

    private NavigableMap<byte[], Mark> changed = newLayer();
    private NavigableMap<byte[], Mark> frozen = newLayer();
    private long changedBytes;
    private long frozenBytes;

    private final NavigableSet<byte[]> near = new TreeSet<>(Arrays::compareUnsigned);
    private long nearBytes;

    /** The earliest; {@code null} if it must be found. */
    private byte[] first;

    /** Entries from this one on may be missing in {@code near}; {@code null} if none are. */
    private byte[] horizon = NOTHING;

    /** What is committed begins here at the earliest; {@code null} if there is nothing. Before it are removed entries only. */
    private byte[] floor = NOTHING;

    private byte[] frozenFloor = NOTHING;
    private boolean registered;

    TimeIndex(StateDescriptor descriptor, PartitionDatabase database, StateMemory memory) {
        this.descriptor = descriptor;
        this.database = database;
        this.memory = memory;
        if (!memory.holdsAll()) {
            start();
        }
    }

    private static NavigableMap<byte[], Mark> newLayer() {
        return new TreeMap<>(Arrays::compareUnsigned);
    }

    /** Adds a key that does not have this time yet. */
    void put(long time, byte[] key) {
        byte[] entry = KeyLayout.timed(time, key);
        change(entry, Mark.ADDED, Mark.REMOVED);
        putNear(entry);
    }

    private void putNear(byte[] entry) {
        if (horizon == null || Arrays.compareUnsigned(entry, horizon) < 0) {
            addNear(entry);
            if (near.size() > MAX_NEAR) {
                dropFarthest();
            }
            memory.evictIfFull();
        }
    }

    /** Removes a key that has this time. */
    void remove(long time, byte[] key) {
        byte[] entry = KeyLayout.timed(time, key);
        change(entry, Mark.REMOVED, Mark.ADDED);
        removeNear(entry);
    }

    private void removeNear(byte[] entry) {
        if (near.remove(entry)) {
            addNearBytes(-sizeOf(entry));
            first = null;
        }
    }

    /** Adds a key, which may have this time already. */
    void include(long time, byte[] key) {
        byte[] entry = KeyLayout.timed(time, key);
        mark(entry, Mark.ADDED);
        putNear(entry);
    }

    /** Removes a key, which may not have this time at all. */
    void exclude(long time, byte[] key) {
        byte[] entry = KeyLayout.timed(time, key);
        mark(entry, Mark.REMOVED);
        removeNear(entry);
    }

    private void mark(byte[] entry, Mark mark) {
        if (changed.put(entry, mark) == null) {
            addChangedBytes(sizeOf(entry));
        }
    }

    /** An entry that becomes what the layers below have is not changed any more. */
    private void change(byte[] entry, Mark mark, Mark opposite) {
        Mark before = changed.get(entry);
        if (before == opposite) {
            changed.remove(entry);
            addChangedBytes(-sizeOf(entry));
        } else if (before == null) {
            changed.put(entry, mark);
            addChangedBytes(sizeOf(entry));
        }
    }

    /**
     * The earliest time, or {@link #NONE}.
     *
     * @throws LocalStateException when the database is damaged or the disk fails
     */
    long nextTime() {
        byte[] entry = next();
        return entry == null ? NONE : KeyLayout.time(entry);
    }

    /** The key of the earliest time; of several, that with the least bytes. There must be one. */
    byte[] nextKey() {
        return KeyLayout.timedKey(next());
    }

    private byte[] next() {
        if (first == null) {
            if (near.isEmpty() && horizon != null) {
                read();
            }
            first = near.isEmpty() ? null : near.first();
        }
        return first;
    }

    /** Reads the next entries behind the horizon: of each source so many, up to where the first of them has more. */
    private void read() {
        byte[] from = horizon;
        byte[] end = null;
        try (StateScan scan = database.scanFrom(descriptor, from)) {
            int found = 0;
            while (scan.next()) {
                byte[] entry = scan.key();
                if (!isRemoved(entry)) {
                    if (found++ == READ_ENTRIES) {
                        end = entry;
                        break;
                    }
                    addNear(entry);
                }
            }
        }
        end = add(changed, from, end);
        end = add(frozen, from, end);
        while (end != null && Arrays.compareUnsigned(near.last(), end) >= 0) {
            addNearBytes(-sizeOf(near.pollLast()));
        }
        horizon = end;
        memory.evictIfFull();
    }

    /** @return where the layer has more than was added, or {@code end} where that is earlier */
    private byte[] add(NavigableMap<byte[], Mark> layer, byte[] from, byte[] end) {
        int found = 0;
        for (Map.Entry<byte[], Mark> each : layer.tailMap(from, true).entrySet()) {
            byte[] entry = each.getKey();
            if (end != null && Arrays.compareUnsigned(entry, end) >= 0) {
                break;
            }
            if (each.getValue() == Mark.ADDED && !isRemoved(entry)) {
                if (found++ == READ_ENTRIES) {
                    return entry;
                }
                addNear(entry);
            }
        }
        return end;
    }

    private boolean isRemoved(byte[] entry) {
        Mark mark = changed.get(entry);
        return (mark == null ? frozen.get(entry) : mark) == Mark.REMOVED;
    }

    private void addNear(byte[] entry) {
        if (near.add(entry)) {
            addNearBytes(sizeOf(entry));
            first = null;
        }
    }

    private void dropFarthest() {
        horizon = near.pollLast();
        addNearBytes(-sizeOf(horizon));
    }

    private void clearNear() {
        near.clear();
        first = null;
        addNearBytes(-nearBytes);
        horizon = floor;
    }

    private void addNearBytes(long bytes) {
        nearBytes += bytes;
        memory.addCached(bytes);
    }

    private void addChangedBytes(long bytes) {
        changedBytes += bytes;
        memory.addChanges(bytes);
    }

    private void addFrozenBytes(long bytes) {
        frozenBytes += bytes;
        memory.addFrozen(bytes);
    }

    private static long sizeOf(byte[] entry) {
        return ENTRY_OVERHEAD_BYTES + (long) entry.length;
    }

    @Override
    public void start() {
        registered = true;
        memory.register(this);
    }

    @Override
    public void freeze(List<Change> into) {
        if (!frozen.isEmpty()) {
            throw new IllegalStateException("the checkpoint before this one is still in flight");
        }
        changed.forEach((entry, mark) ->
                into.add(new Change(KeyLayout.stored(descriptor.id(), entry), mark == Mark.ADDED ? NOTHING : null)));
        frozen = changed;
        frozenFloor = near.isEmpty() ? horizon : near.first();
        changed = newLayer();
        addFrozenBytes(changedBytes);
        addChangedBytes(-changedBytes);
    }

    @Override
    public void releaseFrozen() {
        floor = frozenFloor;
        dropFrozen();
    }

    private void dropFrozen() {
        frozen = newLayer();
        addFrozenBytes(-frozenBytes);
    }

    @Override
    public void rollBack() {
        changed = newLayer();
        addChangedBytes(-changedBytes);
        dropFrozen();
        clearNear();
    }

    @Override
    public int changedEntries() {
        return changed.size();
    }

    @Override
    public int size() {
        return near.size();
    }

    @Override
    public long bytes() {
        return nearBytes + changedBytes + frozenBytes;
    }

    /** Gives up the farthest. */
    @Override
    public void evict(int bucketCount) {
        for (int i = 0; i < bucketCount && near.size() > MIN_NEAR; i++) {
            dropFarthest();
        }
    }

    @Override
    public void close() {
        rollBack();
        if (registered) {
            memory.deregister(this);
        }
    }
}
