package dev.cairn.state;

/**
 * RocksDB's block cache, which all databases of a worker share. In bytes.
 *
 * @param capacity what it may hold
 * @param usage what it holds
 * @param pinned what of that is in use right now
 */
public record CacheFigures(long capacity, long usage, long pinned) {

    /** Of a cache that is closed, or not open yet. */
    public static final CacheFigures NONE = new CacheFigures(0, 0, 0);
}
