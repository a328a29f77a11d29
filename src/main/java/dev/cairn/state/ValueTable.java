package dev.cairn.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.ValueState;
import dev.cairn.state.EntryTable.Entry;

/**
 * The state table of one declared state: objects on the heap, which are written back to RocksDB by checkpoints alone.
 *
 * <p>An entry is <em>clean</em> (as in RocksDB), <em>changed</em> in the epoch under way, <em>frozen</em> in the
 * checkpoint in flight, or both of the latter. A changed or frozen entry stays; a clean one may be evicted and is read
 * from RocksDB again. The object in the table is always the newest, so a lookup never goes through layers:
 *
 * <pre>
 *              update                 freeze                 ingested
 *    clean ───────────► changed ───────────────► frozen ───────────────► clean
 *                          ▲                        │ update
 *                          │       ingested         ▼
 *                          └──────────────── changed and frozen
 *
 *    roll back: every changed or frozen entry is dropped, RocksDB was never ahead
 * </pre>
 *
 * <p>Where the memory is for {@linkplain StateMemory#holdsAll all of the state}, the table is <em>complete</em>: loaded at
 * the start, and kept so. A key that is not in it has no value, nothing is evicted, a removed value leaves the table once
 * its removal is in RocksDB, and a roll back reads again what it drops.
 *
 * <p>Changes of the record in process are held aside until {@link #keep}, so that a failing record leaves nothing behind.
 * Used by the loop's thread alone, once it is loaded.
 *
 * @param <T> type of the values
 */
final class ValueTable<T> implements ValueState<T> {

    /** Object header, fields, table slot and the header of the key's array, as measured with compressed references. */
    private static final int ENTRY_OVERHEAD_BYTES = 72;

    /** An object graph takes more than what it is serialised to. */
    private static final int OBJECT_FACTOR = 3;

    /** One in so many newly changed values is serialised at once, to know how large they are. */
    private static final int SAMPLE_MASK = 63;

    /** How much is loaded until the limit is looked at again. */
    private static final long LOAD_STEP_BYTES = 1 << 20;

    private final StateDescriptor descriptor;
    private final StateSerde<T> serde;
    private final KeyedState owner;
    private final PartitionDatabase database;
    private final StateMemory memory;
    private final boolean complete;

    private EntryTable<T> entries = new EntryTable<>();
    private final LargestValues largest;
    private List<Entry<T>> changed = new ArrayList<>();
    private List<Entry<T>> frozen = new ArrayList<>();
    private int typicalValueBytes = 64;
    private int newlyChanged;
    private long reservedBytes;

    private Entry<T> current;
    private T pending;
    private boolean hasPending;

    ValueTable(
            StateDescriptor descriptor,
            Serde<T> serde,
            KeyedState owner,
            PartitionDatabase database,
            StateMemory memory) {
        this.descriptor = descriptor;
        this.serde = new StateSerde<>(descriptor, serde);
        this.owner = owner;
        this.database = database;
        this.memory = memory;
        this.complete = memory.holdsAll();
        this.largest = new LargestValues(descriptor.name());
        if (!complete) {
            memory.register(this);
        }
    }

    @Override
    public T value() {
        owner.scope().require("state", descriptor.name());
        if (hasPending) {
            return pending;
        }
        if (current == null) {
            memory.read();
            current = entries.find(owner.requireKey(descriptor.name()));
            if (current == null) {
                if (complete) {
                    return null;
                }
                current = load(owner.requireKey(descriptor.name()));
            }
        }
        current.referenced = true;
        return current.value;
    }

    @Override
    public void update(T value) {
        owner.scope().require("state", descriptor.name());
        owner.requireKey(descriptor.name());
        pending = value;
        if (!hasPending) {
            hasPending = true;
            owner.touched(this);
        }
    }

    /** The record succeeded: its value becomes the key's. */
    void keep() {
        Entry<T> entry = current == null ? findOrInsert(owner.requireKey(descriptor.name())) : current;
        entry.value = pending;
        entry.referenced = true;
        if (!entry.changed) {
            entry.changed = true;
            changed.add(entry);
            if ((newlyChanged++ & SAMPLE_MASK) == 0 && pending != null) {
                observeSize(serde.serialize(pending).length);
            }
            if (!entry.frozen) {
                memory.addCached(-entry.bytes);
            }
            entries.resize(entry, Math.max(entry.bytes, estimate(entry.key, typicalValueBytes)));
            memory.addChanges(entry.bytes);
        }
    }

    /** Forgets the record in process, whether it was kept or not. */
    void endRecord() {
        current = null;
        pending = null;
        hasPending = false;
    }

    /** Serialises what changed, and starts the next epoch. */
    void freeze(List<Change> into) {
        if (!frozen.isEmpty()) {
            throw new IllegalStateException("the checkpoint before this one is still in flight");
        }
        for (Entry<T> entry : changed) {
            byte[] value = entry.value == null ? null : serde.serialize(entry.value);
            into.add(new Change(KeyLayout.stored(descriptor.id(), entry.key), value));
            memory.addChanges(-entry.bytes);
            entries.resize(entry, estimate(entry.key, value == null ? 0 : value.length));
            entry.frozenBytes = entry.bytes;
            memory.addFrozen(entry.frozenBytes);
            entry.changed = false;
            entry.frozen = true;
            largest.saw(entry.key, entry.hash, value == null ? 0 : value.length);
            if (value != null) {
                observeSize(value.length);
            }
        }
        List<Entry<T>> empty = frozen;
        frozen = changed;
        changed = empty;
    }

    /** What was frozen is in RocksDB now. */
    void releaseFrozen() {
        for (Entry<T> entry : frozen) {
            entry.frozen = false;
            memory.addFrozen(-entry.frozenBytes);
            if (!entry.changed) {
                if (complete && entry.value == null) {
                    entries.remove(entry);
                } else {
                    memory.addCached(entry.bytes);
                }
            }
        }
        frozen.clear();
        memory.evictIfFull();
    }

    /** What a key has now, serialised, without leaving a trace in the table. Between records only. */
    Optional<byte[]> current(byte[] key) {
        Entry<T> entry = entries.find(key);
        if (entry != null) {
            return Optional.ofNullable(entry.value).map(serde::serialize);
        }
        return complete ? Optional.empty() : Optional.ofNullable(stored(key));
    }

    /** Drops everything that is not committed. A complete table reads what is committed instead. */
    void rollBack() {
        List<Entry<T>> dropped = drop();
        if (complete) {
            dropped.forEach(entry -> readAgain(entry.key));
        }
    }

    /** Takes everything that is not committed out of the table. @return what was taken out */
    private List<Entry<T>> drop() {
        endRecord();
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
     * @param wanted whether it is still to go on
     * @throws StateTooLargeException when it does not fit
     */
    void load(BooleanSupplier wanted) {
        try (StateScan scan = database.scan(descriptor)) {
            while (scan.next()) {
                byte[] key = scan.key();
                byte[] stored = scan.value();
                observeSize(stored.length);
                Entry<T> entry = entries.add(key, serde.deserialize(stored), estimate(key, stored.length));
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
    void start() {
        memory.register(this);
        memory.addCached(entries.bytes());
        memory.release(reservedBytes);
        reservedBytes = 0;
    }

    /** Gives the table's memory back; it is not used again. */
    void close() {
        drop();
        if (memory.deregister(this)) {
            memory.addCached(-entries.bytes());
        }
        memory.release(reservedBytes);
        entries = new EntryTable<>();
    }

    void evict(int bucketCount) {
        memory.addCached(-entries.sweep(bucketCount, current));
    }

    StateDescriptor descriptor() {
        return descriptor;
    }

    int size() {
        return entries.size();
    }

    /** Estimated bytes of all entries. */
    long bytes() {
        return entries.bytes();
    }

    /** The largest values seen, largest first. */
    List<LargeValue> largest() {
        return largest.list();
    }

    int changedEntries() {
        return changed.size();
    }

    private Entry<T> findOrInsert(byte[] key) {
        Entry<T> entry = entries.find(key);
        return entry == null ? insert(key, null, typicalValueBytes) : entry;
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
            return insert(key, null, 0);
        }
        observeSize(stored.length);
        Entry<T> entry = insert(key, serde.deserialize(stored), stored.length);
        largest.saw(key, entry.hash, stored.length);
        return entry;
    }

    private byte[] stored(byte[] key) {
        return database.get(KeyLayout.stored(descriptor.id(), key));
    }

    private void readAgain(byte[] key) {
        byte[] stored = stored(key);
        if (stored != null) {
            insert(key, serde.deserialize(stored), stored.length);
        }
    }

    private Entry<T> insert(byte[] key, T value, int serializedBytes) {
        memory.evictIfFull();
        Entry<T> entry = entries.add(key, value, estimate(key, serializedBytes));
        memory.addCached(entry.bytes);
        return entry;
    }

    /** Follows the sizes seen: up at once, because memory is at stake, down slowly. */
    private void observeSize(int bytes) {
        typicalValueBytes = bytes >= typicalValueBytes ? bytes : typicalValueBytes - ((typicalValueBytes - bytes) >> 4);
    }

    private static int estimate(byte[] key, int serializedBytes) {
        return (int) Math.min(
                Integer.MAX_VALUE, ENTRY_OVERHEAD_BYTES + (long) key.length + (long) OBJECT_FACTOR * serializedBytes);
    }
}
