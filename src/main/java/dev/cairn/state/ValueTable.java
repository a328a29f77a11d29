package dev.cairn.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

import dev.cairn.api.ValueState;

/**
 * The state table of one declared state: a hash table of objects that writes back.
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
 * <p>Changes of the record in process are held aside until {@link #keep}, so that a failing record leaves nothing behind.
 * Used by the loop's thread alone.
 *
 * @param <T> type of the values
 */
final class ValueTable<T> implements ValueState<T> {

    /** Object header, fields, table slot and the header of the key's array, as measured with compressed references. */
    private static final int ENTRY_OVERHEAD_BYTES = 72;

    /** An object graph takes more than what it is serialised to. */
    private static final int OBJECT_FACTOR = 3;

    private static final int MIN_CAPACITY = 1 << 10;
    private static final int MAX_CAPACITY = 1 << 30;

    /** One in so many newly changed values is serialised at once, to know how large they are. */
    private static final int SAMPLE_MASK = 63;

    private final StateDescriptor descriptor;
    private final Serializer<T> serializer;
    private final Deserializer<T> deserializer;
    private final KeyedState owner;
    private final PartitionDatabase database;
    private final StateMemory memory;

    private Entry<T>[] buckets = newBuckets(MIN_CAPACITY);
    private int size;
    private int sweepHand;
    private List<Entry<T>> changed = new ArrayList<>();
    private List<Entry<T>> frozen = new ArrayList<>();
    private int typicalValueBytes = 64;
    private int newlyChanged;

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
        this.serializer = serde.serializer();
        this.deserializer = serde.deserializer();
        this.owner = owner;
        this.database = database;
        this.memory = memory;
        memory.register(this);
    }

    @Override
    public T value() {
        if (hasPending) {
            return pending;
        }
        if (current == null) {
            current = find(owner.requireKey());
            if (current == null) {
                current = load(owner.requireKey());
            }
        }
        current.referenced = true;
        return current.value;
    }

    @Override
    public void update(T value) {
        owner.requireKey();
        pending = value;
        if (!hasPending) {
            hasPending = true;
            owner.touched(this);
        }
    }

    /** The record succeeded: its value becomes the key's. */
    void keep() {
        Entry<T> entry = current == null ? findOrInsert(owner.requireKey()) : current;
        entry.value = pending;
        entry.referenced = true;
        if (!entry.changed) {
            entry.changed = true;
            changed.add(entry);
            if ((newlyChanged++ & SAMPLE_MASK) == 0 && pending != null) {
                observeSize(serialize(pending).length);
            }
            if (!entry.frozen) {
                memory.addCached(-entry.bytes);
            }
            entry.bytes = Math.max(entry.bytes, estimate(entry.key, typicalValueBytes));
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
            byte[] value = entry.value == null ? null : serialize(entry.value);
            into.add(new Change(KeyLayout.stored(descriptor.id(), entry.key), value));
            memory.addChanges(-entry.bytes);
            entry.bytes = estimate(entry.key, value == null ? 0 : value.length);
            entry.frozenBytes = entry.bytes;
            memory.addFrozen(entry.frozenBytes);
            entry.changed = false;
            entry.frozen = true;
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
                memory.addCached(entry.bytes);
            }
        }
        frozen.clear();
        memory.evictIfFull();
    }

    /** Drops everything that is not committed. */
    void rollBack() {
        endRecord();
        for (Entry<T> entry : frozen) {
            memory.addFrozen(-entry.frozenBytes);
            entry.frozen = false;
            if (!entry.changed) {
                remove(entry);
            }
        }
        for (Entry<T> entry : changed) {
            memory.addChanges(-entry.bytes);
            remove(entry);
        }
        frozen.clear();
        changed.clear();
    }

    /** Gives the table's memory back; it is not used again. */
    void close() {
        rollBack();
        for (Entry<T> bucket : buckets) {
            for (Entry<T> entry = bucket; entry != null; entry = entry.next) {
                memory.addCached(-entry.bytes);
            }
        }
        buckets = newBuckets(1);
        memory.deregister(this);
    }

    /** Second chance: an entry that was used since the hand last passed stays for another round. */
    void evict(int bucketCount) {
        for (int i = 0; i < bucketCount; i++) {
            sweepHand = (sweepHand + 1) & (buckets.length - 1);
            Entry<T> previous = null;
            Entry<T> entry = buckets[sweepHand];
            while (entry != null) {
                Entry<T> next = entry.next;
                if (entry.changed || entry.frozen || entry == current) {
                    previous = entry;
                } else if (entry.referenced) {
                    entry.referenced = false;
                    previous = entry;
                } else {
                    if (previous == null) {
                        buckets[sweepHand] = next;
                    } else {
                        previous.next = next;
                    }
                    size--;
                    memory.addCached(-entry.bytes);
                }
                entry = next;
            }
        }
    }

    StateDescriptor descriptor() {
        return descriptor;
    }

    int size() {
        return size;
    }

    int changedEntries() {
        return changed.size();
    }

    private Entry<T> find(byte[] key) {
        int hash = KeyHash.of(key);
        Entry<T> entry = buckets[hash & (buckets.length - 1)];
        while (entry != null && !(entry.hash == hash && Arrays.equals(entry.key, key))) {
            entry = entry.next;
        }
        return entry;
    }

    private Entry<T> findOrInsert(byte[] key) {
        Entry<T> entry = find(key);
        return entry == null ? insert(key, null, typicalValueBytes) : entry;
    }

    private Entry<T> load(byte[] key) {
        byte[] stored = database.get(KeyLayout.stored(descriptor.id(), key));
        T value = stored == null ? null : deserialize(stored);
        if (stored != null) {
            observeSize(stored.length);
        }
        return insert(key, value, stored == null ? 0 : stored.length);
    }

    private Entry<T> insert(byte[] key, T value, int serializedBytes) {
        memory.evictIfFull();
        if (size >= buckets.length - (buckets.length >>> 2) && buckets.length < MAX_CAPACITY) {
            grow();
        }
        Entry<T> entry = new Entry<>(key, KeyHash.of(key), value, estimate(key, serializedBytes));
        int bucket = entry.hash & (buckets.length - 1);
        entry.next = buckets[bucket];
        buckets[bucket] = entry;
        size++;
        memory.addCached(entry.bytes);
        return entry;
    }

    private void remove(Entry<T> entry) {
        int bucket = entry.hash & (buckets.length - 1);
        Entry<T> previous = null;
        Entry<T> candidate = buckets[bucket];
        while (candidate != entry) {
            previous = candidate;
            candidate = candidate.next;
        }
        if (previous == null) {
            buckets[bucket] = entry.next;
        } else {
            previous.next = entry.next;
        }
        size--;
    }

    private void grow() {
        Entry<T>[] larger = newBuckets(buckets.length << 1);
        for (Entry<T> bucket : buckets) {
            Entry<T> entry = bucket;
            while (entry != null) {
                Entry<T> next = entry.next;
                int target = entry.hash & (larger.length - 1);
                entry.next = larger[target];
                larger[target] = entry;
                entry = next;
            }
        }
        buckets = larger;
    }

    private byte[] serialize(T value) {
        try {
            return serializer.serialize(descriptor.name(), value);
        } catch (RuntimeException e) {
            throw serdeFailed("written", e);
        }
    }

    private T deserialize(byte[] stored) {
        try {
            return deserializer.deserialize(descriptor.name(), stored);
        } catch (RuntimeException e) {
            throw serdeFailed("read", e);
        }
    }

    private StateSerdeException serdeFailed(String what, RuntimeException e) {
        return new StateSerdeException(
                "a value of the state '" + descriptor.name() + "' cannot be " + what + " by " + descriptor.serializer()
                        + ": " + e,
                e);
    }

    /** Follows the sizes seen: up at once, because memory is at stake, down slowly. */
    private void observeSize(int bytes) {
        typicalValueBytes = bytes >= typicalValueBytes ? bytes : typicalValueBytes - ((typicalValueBytes - bytes) >> 4);
    }

    private static int estimate(byte[] key, int serializedBytes) {
        return (int) Math.min(
                Integer.MAX_VALUE, ENTRY_OVERHEAD_BYTES + (long) key.length + (long) OBJECT_FACTOR * serializedBytes);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <T> Entry<T>[] newBuckets(int capacity) {
        return new Entry[capacity];
    }

    private static final class Entry<T> {
        final byte[] key;
        final int hash;
        T value;
        Entry<T> next;
        int bytes;
        int frozenBytes;
        boolean changed;
        boolean frozen;
        boolean referenced;

        Entry(byte[] key, int hash, T value, int bytes) {
            this.key = key;
            this.hash = hash;
            this.value = value;
            this.bytes = bytes;
        }
    }
}
