package dev.cairn.state;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How keys are laid out in RocksDB: two bytes for the state's id, most significant first, then the entry key. Which record
 * key an entry belongs to can be told from its key only:
 *
 * <pre>
 *    value state         id | record key
 *    index by time       id | time (8 bytes) | record key, or the entry key in a state of another kind than value
 *    every other kind    id | length of the record key (4 bytes) | record key | rest
 *
 *    map                 rest = the key in the map, as its serializer wrote it
 *    list                rest = sequence number (8 bytes)
 *    reducing, timer     rest = nothing
 * </pre>
 *
 * <p>The record key stands as in Kafka; numbers have the most significant byte first. So all entries of a record key lie
 * together, in the order of their rests. Only an index by time has them in the order of their times: milliseconds since the
 * epoch, with the sign turned so that earlier ones come first.
 *
 * <p>Id 0 is reserved: its only key holds the identity of the checkpoint that the content belongs to, so that a database
 * knows atomically with its content which checkpoint it is at.
 */
final class KeyLayout {

    static final int PREFIX_BYTES = 2;
    static final int FIRST_STATE_ID = 1;
    static final int LAST_STATE_ID = 0xFFFF;

    private KeyLayout() {}

    /** The reserved key. Sorts before every other one. */
    static byte[] identityKey() {
        return new byte[] {0, 0};
    }

    /** The stored key of an entry key. */
    static byte[] stored(int stateId, byte[] entryKey) {
        byte[] stored = new byte[PREFIX_BYTES + entryKey.length];
        stored[0] = (byte) (stateId >>> 8);
        stored[1] = (byte) stateId;
        System.arraycopy(entryKey, 0, stored, PREFIX_BYTES, entryKey.length);
        return stored;
    }

    /** The entry key of a record key's only value. */
    static byte[] single(StateDescriptor state, byte[] recordKey) {
        return StateKind.VALUE.isOf(state) ? recordKey : entry(recordKey, new byte[0]);
    }

    /** The entry key of any kind but that of value states. */
    static byte[] entry(byte[] recordKey, byte[] rest) {
        return ByteBuffer.allocate(Integer.BYTES + recordKey.length + rest.length)
                .putInt(recordKey.length)
                .put(recordKey)
                .put(rest)
                .array();
    }

    /** The entry key of an index by time. @param key what is found */
    static byte[] timed(long time, byte[] key) {
        return ByteBuffer.allocate(Long.BYTES + key.length)
                .putLong(time ^ Long.MIN_VALUE)
                .put(key)
                .array();
    }

    /** What is found by an entry key of an index by time. */
    static byte[] timedKey(byte[] entryKey) {
        requireLength(entryKey, Long.BYTES);
        return Arrays.copyOfRange(entryKey, Long.BYTES, entryKey.length);
    }

    /** The time of an entry key of an index by time. */
    static long time(byte[] entryKey) {
        return ByteBuffer.wrap(entryKey).getLong() ^ Long.MIN_VALUE;
    }

    /** The record key of an entry key. */
    static byte[] recordKey(StateDescriptor state, byte[] entryKey) {
        if (StateKind.VALUE.isOf(state)) {
            return entryKey;
        }
        if (StateKind.TIMES.isOf(state)) {
            return timedKey(entryKey);
        }
        return recordKey(StateKind.ENTRY_TIMES.isOf(state) ? timedKey(entryKey) : entryKey);
    }

    /** The record key of an entry key that begins with its length. */
    static byte[] recordKey(byte[] entryKey) {
        return Arrays.copyOfRange(entryKey, Integer.BYTES, restBegins(entryKey));
    }

    /** What follows the record key, or the time that comes before it; in any kind but that of value states. */
    static byte[] rest(StateDescriptor state, byte[] entryKey) {
        if (StateKind.isIndex(state)) {
            requireLength(entryKey, Long.BYTES);
            return Arrays.copyOf(entryKey, Long.BYTES);
        }
        return rest(entryKey);
    }

    /** What follows the record key, in a kind that begins with its length. */
    static byte[] rest(byte[] entryKey) {
        return Arrays.copyOfRange(entryKey, restBegins(entryKey), entryKey.length);
    }

    private static int restBegins(byte[] entryKey) {
        requireLength(entryKey, Integer.BYTES);
        int length = ByteBuffer.wrap(entryKey).getInt();
        requireLength(entryKey, length < 0 ? Integer.MAX_VALUE : (long) Integer.BYTES + length);
        return Integer.BYTES + length;
    }

    private static void requireLength(byte[] entryKey, long least) {
        if (entryKey.length < least) {
            throw new DamagedDatabaseException("a stored key does not hold the record key that it begins with", null);
        }
    }

    /** The least key above all those that begin with a prefix; {@code null} where there is none. */
    static byte[] after(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xFF) {
                byte[] after = Arrays.copyOf(prefix, i + 1);
                after[i]++;
                return after;
            }
        }
        return null;
    }
}
