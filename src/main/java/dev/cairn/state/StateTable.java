package dev.cairn.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.state.EntryTable.Entry;

/**
 * The state table of one declared state of any kind: objects on the heap, which are written back to RocksDB by checkpoints
 * only. What a record does to them is the business of the {@link DeclaredState} above.
 *
 * <p>An entry is <em>clean</em> (as in RocksDB), <em>changed</em> in the epoch under way, <em>frozen</em> in the
 * checkpoint in flight, or both of the latter; docs/design/state-table.md has the transitions. A changed or frozen entry
 * stays; a clean one may be evicted and is read from RocksDB again. The object in the table is always the newest, so a lookup
 * never goes through layers.
 *
 * <p>Where the memory is for {@linkplain StateMemory#holdsAll all of the state}, the table is <em>complete</em>: loaded at
 * the start, and kept so. A key that is not in it has no value, nothing is evicted, a removed value leaves the table once
 * its removal is in RocksDB, and a roll back reads again what it drops.
 *
 * <p>Keys are {@linkplain KeyLayout entry keys}. A table that can be iterated keeps those entries in order that RocksDB does
 * not have: changed and frozen ones, or all of them where it is complete.
 *
 * <p>Used by the loop's thread only, once it is loaded.
 *
 * @param <T> type of the values
 */
final class StateTable<T> implements HeapLayer, StateMemory.Cache {

    /** How much is loaded until the limit is looked at again. */
    private static final long LOAD_STEP_BYTES = 1 << 20;

    private final StateDescriptor descriptor;
    private final StateSerde<T> serde;
    private final KeyedState owner;
    private final PartitionDatabase database;
    final StateMemory memory;
    private final boolean complete;

    private final EntrySizes sizes;
    private EntryTable<T> entries;
    private final LargestValues largest;
    private List<Entry<T>> changed = new ArrayList<>();
    private List<Entry<T>> frozen = new ArrayList<>();
    private long reservedBytes;

    /** What the record in process has read, and may come back to: it is not evicted. May be {@code null}. */
    Entry<T> held;

    StateTable(
            StateDescriptor descriptor,
            Serde<T> serde,
            KeyedState owner,
            PartitionDatabase database,
            StateMemory memory) {
        this.descriptor = descriptor;
        this.serde = StateSerde.ofValues(descriptor, serde);
        this.owner = owner;
        this.database = database;
        this.memory = memory;
        this.complete = memory.holdsAll();
        this.entries = new EntryTable<>(!descriptor.holdsOneValue());
        this.sizes = new EntrySizes(!descriptor.holdsOneValue());
        this.largest = new LargestValues(descriptor.name());
        if (!complete) {
            memory.register(this);
        }
    }

    /** The key's entry, read from RocksDB where it is not in the table; {@code null} if a complete table has none. */
    Entry<T> read(byte[] key) {
        memory.read();
        Entry<T> entry = entries.find(key);
        if (entry == null) {
            if (complete) {
                return null;
            }
            entry = load(key);
        }
        entry.referenced = true;
        return entry;
    }

    /** The key's value, or {@code null}. */
    T value(byte[] key) {
        Entry<T> entry = read(key);
        return entry == null ? null : entry.value;
    }

    /** Gives the key another value, without a look at the former one; {@code null} removes it. */
    void put(byte[] key, T value) {
        Entry<T> entry = entries.find(key);
        put(entry == null ? insert(key, null, sizes.estimate(key)) : entry, value);
    }

    /** Gives an entry of the table another value; {@code null} removes it. */
    void put(Entry<T> entry, T value) {
        entry.value = value;
        entry.referenced = true;
        if (!entry.changed) {
            entry.changed = true;
            changed.add(entry);
            if (sizes.isSample() && value != null) {
                sizes.observe(serde.serialize(value).length);
            }
            if (!entry.frozen) {
                memory.addCached(-entry.bytes);
                if (!complete) {
                    entries.order(entry);
                }
            }
            entries.resize(entry, Math.max(entry.bytes, sizes.estimate(entry.key)));
            memory.addChanges(entry.bytes);
        }
    }

    /** As {@link EntryTable#following}: removed entries included, as far as RocksDB does not have them. */
    Entry<T> following(byte[] position, boolean inclusive, boolean reversed) {
        return entries.following(position, inclusive, reversed);
    }

    /**
     * What RocksDB has between two entry keys, for iteration.
     *
     * @return nothing where the table has all of the state
     */
    StateScan scan(EntryRange range) {
        return scan(range, StateScan.Reads.CACHED);
    }

    StateScan scan(EntryRange range, StateScan.Reads how) {
        return complete || range.isEmpty() ? null : database.scan(descriptor, range, how);
    }

    T deserialize(byte[] stored) {
        return serde.deserialize(stored);
    }

    byte[] serialize(T value) {
        return serde.serialize(value);
    }

    /** Serialises what changed, and starts the next epoch. */
    @Override
    public void freeze(List<Change> into) {
        if (!frozen.isEmpty()) {
            throw new IllegalStateException("the checkpoint before this one is still in flight");
        }
        for (Entry<T> entry : changed) {
            byte[] value = entry.value == null ? null : serde.serialize(entry.value);
            into.add(new Change(KeyLayout.stored(descriptor.id(), entry.key), value));
            memory.addChanges(-entry.bytes);
            entries.resize(entry, sizes.estimate(entry.key, value == null ? 0 : value.length));
            entry.frozenBytes = entry.bytes;
            memory.addFrozen(entry.frozenBytes);
            entry.changed = false;
            entry.frozen = true;
            largest.saw(entry.key, entry.hash, value == null ? 0 : value.length);
            if (value != null) {
                sizes.observe(value.length);
            }
        }
        List<Entry<T>> empty = frozen;
        frozen = changed;
        changed = empty;
    }

    /** What was frozen is in RocksDB now. */
    @Override
    public void releaseFrozen() {
        for (Entry<T> entry : frozen) {
            entry.frozen = false;
            memory.addFrozen(-entry.frozenBytes);
            if (!entry.changed) {
                if (complete && entry.value == null) {
                    entries.remove(entry);
                    continue;
                }
                memory.addCached(entry.bytes);
                if (!complete) {
                    entries.unorder(entry);
                }
            }
        }
        frozen.clear();
        memory.evictIfFull();
    }

    /** What an entry key has now, serialised, without leaving a trace in the table. Between records only. */
    Optional<byte[]> current(byte[] key) {
        Entry<T> entry = entries.find(key);
        if (entry != null) {
            return Optional.ofNullable(entry.value).map(serde::serialize);
        }
        return complete ? Optional.empty() : Optional.ofNullable(stored(key));
    }

    /** Drops everything that is not committed. A complete table reads what is committed instead. */
    @Override
    public void rollBack() {
        List<Entry<T>> dropped = drop();
        if (complete) {
            dropped.forEach(entry -> readAgain(entry.key));
        }
    }

    /** Takes everything that is not committed out of the table. @return what was taken out */
    private List<Entry<T>> drop() {
        List<Entry<T>> dropped = new ArrayList<>(changed);
        for (Entry<T> entry : frozen) {
            memory.addFrozen(-entry.frozenBytes);
            entry.frozen = false;
            if (!entry.changed) {
                dropped.add(entry);
            }
        }
        for (Entry<T> entry : changed) {
            memory.addChanges(-entry.bytes);
        }
        dropped.forEach(entries::remove);
        frozen.clear();
        changed.clear();
        return dropped;
    }

    /**
     * Reads all of the state from RocksDB. On any thread, before {@link #start}.
     *
     * @param wanted whether it should continue
     * @throws StateTooLargeException when it does not fit
     */
    @Override
    public void load(BooleanSupplier wanted) {
        try (StateScan scan = database.scan(descriptor)) {
            while (scan.next()) {
                byte[] key = scan.key();
                byte[] stored = scan.value();
                sizes.observe(stored.length);
                Entry<T> entry = entries.add(key, deserialize(stored), sizes.estimate(key, stored.length));
                entries.order(entry);
                largest.saw(key, entry.hash, stored.length);
                if (entries.bytes() - reservedBytes >= LOAD_STEP_BYTES) {
                    reserve();
                    if (!wanted.getAsBoolean()) {
                        return;
                    }
                }
            }
        }
        reserve();
    }

    private void reserve() {
        long more = entries.bytes() - reservedBytes;
        reservedBytes += more;
        memory.reserve(more);
    }

    /** What was loaded is the loop's from here on. */
    @Override
    public void start() {
        memory.register(this);
        memory.addCached(entries.bytes());
        memory.release(reservedBytes);
        reservedBytes = 0;
    }

    /** Gives the table's memory back; it is not used again. */
    @Override
    public void close() {
        drop();
        if (memory.deregister(this)) {
            memory.addCached(-entries.bytes());
        }
        memory.release(reservedBytes);
        entries = new EntryTable<>(false);
    }

    @Override
    public void evict(int bucketCount) {
        memory.addCached(-entries.sweep(bucketCount, held));
    }

    StateDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public long bytes() {
        return entries.bytes();
    }

    /** The largest values seen, largest first. Of several entries of a record key, the largest one. */
    List<LargeValue> largest() {
        return largest.ofRecordKeys(descriptor);
    }

    @Override
    public int changedEntries() {
        return changed.size();
    }

    private Entry<T> load(byte[] key) {
        memory.missed();
        byte[] stored;
        try {
            stored = stored(key);
        } catch (LocalStateException e) {
            throw owner.failed(e);
        }
        if (stored == null) {
            return insert(key, null, sizes.estimate(key, 0));
        }
        sizes.observe(stored.length);
        Entry<T> entry = insert(key, deserialize(stored), sizes.estimate(key, stored.length));
        largest.saw(key, entry.hash, stored.length);
        return entry;
    }

    private byte[] stored(byte[] key) {
        return database.get(KeyLayout.stored(descriptor.id(), key));
    }

    private void readAgain(byte[] key) {
        byte[] stored = stored(key);
        if (stored != null) {
            insert(key, deserialize(stored), sizes.estimate(key, stored.length));
        }
    }

    private Entry<T> insert(byte[] key, T value, int entryBytes) {
        memory.evictIfFull();
        Entry<T> entry = entries.add(key, value, entryBytes);
        memory.addCached(entry.bytes);
        if (complete) {
            entries.order(entry);
        }
        return entry;
    }
}
