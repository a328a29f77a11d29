package dev.cairn.state;

import dev.cairn.state.EntryTable.Entry;

/**
 * Where the lists of a state begin and end, as the table has them, so that neither is searched for again. Anything of it can
 * be found out again. Used by the loop's thread.
 */
final class ListBounds implements StateMemory.Cache {

    private static final int BYTES = 72 + 32;

    private final StateMemory memory;
    private EntryTable<Bounds> entries = new EntryTable<>(false);

    /** The numbers of a list's first element and of the next one; -1 where not known. */
    static final class Bounds {
        long first = -1;
        long next = -1;
    }

    ListBounds(StateMemory memory) {
        this.memory = memory;
        if (!memory.holdsAll()) {
            memory.register(this);
        }
    }

    /** What is known of a record key's list, to be completed. */
    Bounds of(byte[] key) {
        Entry<Bounds> entry = entries.find(key);
        if (entry == null) {
            memory.evictIfFull();
            entry = entries.add(key, new Bounds(), BYTES + key.length);
            memory.addCached(entry.bytes);
        }
        entry.referenced = true;
        return entry.value;
    }

    void start() {
        memory.register(this);
    }

    void clear() {
        memory.addCached(-entries.bytes());
        entries = new EntryTable<>(false);
    }

    void close() {
        if (memory.deregister(this)) {
            clear();
        }
    }

    @Override
    public long bytes() {
        return entries.bytes();
    }

    @Override
    public void evict(int bucketCount) {
        memory.addCached(-entries.sweep(bucketCount, null));
    }
}
