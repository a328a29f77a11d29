package dev.cairn.state;

/**
 * How keys are laid out in RocksDB: two bytes for the state's id, most significant first, then the record's key as it
 * stood in Kafka.
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

    static byte[] stored(int stateId, byte[] key) {
        byte[] stored = new byte[PREFIX_BYTES + key.length];
        stored[0] = (byte) (stateId >>> 8);
        stored[1] = (byte) stateId;
        System.arraycopy(key, 0, stored, PREFIX_BYTES, key.length);
        return stored;
    }
}
