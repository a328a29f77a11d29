package dev.cairn.state;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A hash table of the entries of one state, by key. What an entry's marks mean is the business of the {@link StateTable}
 * above. Used by one thread at a time.
 *
 * @param <T> type of the values
 */
final class EntryTable<T> {

    private static final int MIN_CAPACITY = 1 << 10;
    private static final int MAX_CAPACITY = 1 << 30;

    private Entry<T>[] buckets = newBuckets(MIN_CAPACITY);
    private int size;
    private long bytes;
    private int sweepHand;

    /** The entries that iteration wants from here; {@code null} where nothing iterates. */
    private final NavigableMap<byte[], Entry<T>> ordered;

    /** @param iterated whether some entries are also kept in order */
    EntryTable(boolean iterated) {
        ordered = iterated ? new TreeMap<>(Arrays::compareUnsigned) : null;
    }

    int size() {
        return size;
    }

    /** Estimated bytes of all entries. */
    long bytes() {
        return bytes;
    }

    /** The key's entry, or {@code null}. */
    Entry<T> find(byte[] key) {
        int hash = KeyHash.of(key);
        Entry<T> entry = buckets[hash & (buckets.length - 1)];
        while (entry != null && !(entry.hash == hash && Arrays.equals(entry.key, key))) {
            entry = entry.next;
        }
        return entry;
    }

    /** Adds an entry for a key that has none. */
    Entry<T> add(byte[] key, T value, int entryBytes) {
        if (size >= buckets.length - (buckets.length >>> 2) && buckets.length < MAX_CAPACITY) {
            grow();
        }
        Entry<T> entry = new Entry<>(key, KeyHash.of(key), value, entryBytes);
        int bucket = entry.hash & (buckets.length - 1);
        entry.next = buckets[bucket];
        buckets[bucket] = entry;
        size++;
        bytes += entryBytes;
        return entry;
    }

    /** An entry that is in the table takes this much from now on. */
    void resize(Entry<T> entry, int entryBytes) {
        bytes += entryBytes - entry.bytes;
        entry.bytes = entryBytes;
    }

    /** From now on, iteration sees this entry. */
    void order(Entry<T> entry) {
        if (ordered != null) {
            ordered.put(entry.key, entry);
        }
    }

    /** From now on, iteration does not see this entry. */
    void unorder(Entry<T> entry) {
        if (ordered != null) {
            ordered.remove(entry.key);
        }
    }

    /**
     * The next one of the entries that iteration sees.
     *
     * @param position it lies beyond this key, or at it where {@code inclusive}
     * @return {@code null} where there is none in this direction
     */
    Entry<T> following(byte[] position, boolean inclusive, boolean reversed) {
        Map.Entry<byte[], Entry<T>> found;
        if (reversed) {
            found = inclusive ? ordered.floorEntry(position) : ordered.lowerEntry(position);
        } else {
            found = inclusive ? ordered.ceilingEntry(position) : ordered.higherEntry(position);
        }
        return found == null ? null : found.getValue();
    }

    /** Removes an entry that is in the table. */
    void remove(Entry<T> entry) {
        unorder(entry);
        int bucket = entry.hash & (buckets.length - 1);
        Entry<T> previous = null;
        Entry<T> candidate = buckets[bucket];
        while (candidate != entry) {
            previous = candidate;
            candidate = candidate.next;
        }
        unlink(entry, previous, bucket);
    }

    /**
     * Evicts clean entries from the next buckets. Second chance: one that was used since the hand last passed stays for
     * another round.
     *
     * @param spared stays in any case; may be {@code null}
     * @return bytes that were evicted
     */
    long sweep(int bucketCount, Entry<T> spared) {
        long before = bytes;
        for (int i = 0; i < bucketCount; i++) {
            sweepHand = (sweepHand + 1) & (buckets.length - 1);
            Entry<T> previous = null;
            Entry<T> entry = buckets[sweepHand];
            while (entry != null) {
                Entry<T> next = entry.next;
                if (entry.changed || entry.frozen || entry == spared) {
                    previous = entry;
                } else if (entry.referenced) {
                    entry.referenced = false;
                    previous = entry;
                } else {
                    unlink(entry, previous, sweepHand);
                }
                entry = next;
            }
        }
        return before - bytes;
    }

    private void unlink(Entry<T> entry, Entry<T> previous, int bucket) {
        if (previous == null) {
            buckets[bucket] = entry.next;
        } else {
            previous.next = entry.next;
        }
        size--;
        bytes -= entry.bytes;
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

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <T> Entry<T>[] newBuckets(int capacity) {
        return new Entry[capacity];
    }

    /** A key and its newest value; {@code null} for none. */
    static final class Entry<T> {
        final byte[] key;
        final int hash;
        T value;
        Entry<T> next;
        int bytes;
        int frozenBytes;
        boolean changed;
        boolean frozen;
        boolean referenced;

        private Entry(byte[] key, int hash, T value, int bytes) {
            this.key = key;
            this.hash = hash;
            this.value = value;
            this.bytes = bytes;
        }
    }
}
