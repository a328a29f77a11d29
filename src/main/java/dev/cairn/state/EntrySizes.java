package dev.cairn.state;

/** Estimates what entries of a state take on the heap. Used by one thread at a time. */
final class EntrySizes {

    /** Object header, fields, table slot and the header of the key's array, as measured with compressed references. */
    private static final int ENTRY_OVERHEAD_BYTES = 72;

    /** A node of the tree that keeps the order. */
    private static final int ORDER_OVERHEAD_BYTES = 40;

    /** An object graph takes more than what it is serialised to. */
    private static final int OBJECT_FACTOR = 3;

    /** One in so many newly changed values is serialised at once, to know how large they are. */
    private static final int SAMPLE_MASK = 63;

    private final int overhead;
    private int typicalValueBytes = 64;
    private int newlyChanged;

    /** @param ordered whether entries are kept in order, too */
    EntrySizes(boolean ordered) {
        overhead = ENTRY_OVERHEAD_BYTES + (ordered ? ORDER_OVERHEAD_BYTES : 0);
    }

    /** Whether the value that has just changed is to be serialised for its size. */
    boolean isSample() {
        return (newlyChanged++ & SAMPLE_MASK) == 0;
    }

    /** Follows the sizes seen: up at once, because memory is at stake, down slowly. */
    void observe(int bytes) {
        typicalValueBytes = bytes >= typicalValueBytes ? bytes : typicalValueBytes - ((typicalValueBytes - bytes) >> 4);
    }

    /** Of an entry whose value's size is not known yet. */
    int estimate(byte[] key) {
        return estimate(key, typicalValueBytes);
    }

    /** Of an entry whose value is as large as this when it is serialised. */
    int estimate(byte[] key, int serializedBytes) {
        return (int) Math.min(Integer.MAX_VALUE, overhead + (long) key.length + (long) OBJECT_FACTOR * serializedBytes);
    }
}
