package dev.cairn.state;

import java.util.Arrays;
import java.util.Comparator;

/**
 * What an epoch made of one stored key.
 *
 * @param key the key as stored, see {@link KeyLayout}
 * @param value the new value as stored, or {@code null} where it was removed
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Never compared as a whole; wrapping a million keys would double the garbage.
public record Change(byte[] key, byte[] value) {

    /** The order of keys in RocksDB. */
    public static final Comparator<Change> BY_KEY = (a, b) -> Arrays.compareUnsigned(a.key, b.key);

    /** Size of key and value, in bytes. */
    public int size() {
        return key.length + (value == null ? 0 : value.length);
    }
}
