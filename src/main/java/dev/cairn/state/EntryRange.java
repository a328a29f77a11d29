package dev.cairn.state;

import java.util.Arrays;

/**
 * Entries of one record key, by their entry keys.
 *
 * @param from the first entry key
 * @param to the first one that does not belong to it any more
 * @param reversed whether the last ones come first
 */
@SuppressWarnings("ArrayRecordComponent") // No one compares them.
public record EntryRange(byte[] from, byte[] to, boolean reversed) {

    /** All that a state has for a record key: any number of entries, or one value at most. */
    static EntryRange of(StateDescriptor state, byte[] recordKey) {
        byte[] first = KeyLayout.single(state, recordKey);
        return new EntryRange(first, state.holdsOneValue() ? beyond(first) : KeyLayout.after(first), false);
    }

    /** The least key above this one. */
    static byte[] beyond(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    boolean isEmpty() {
        return Arrays.compareUnsigned(from, to) >= 0;
    }

    boolean contains(byte[] key) {
        return Arrays.compareUnsigned(from, key) <= 0 && Arrays.compareUnsigned(key, to) < 0;
    }

    /** As a comparator, in the order of reading. */
    int compare(byte[] key, byte[] other) {
        return reversed ? Arrays.compareUnsigned(other, key) : Arrays.compareUnsigned(key, other);
    }
}
