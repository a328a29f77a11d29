package dev.cairn.state;

import java.util.Arrays;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;

/**
 * Entries of one state of a database, in the order of their keys or against it, as of the moment it was opened. Used by one
 * thread, and closed before the database.
 */
public final class StateScan implements AutoCloseable {

    /** Removed entries that RocksDB has not cleaned up yet; to go through so many takes tens of milliseconds. */
    private static final long MAX_SKIPPED = 100_000;

    private final Slice lower;
    private final Slice upper;
    private final ReadOptions reads;
    private final RocksIterator entries;
    private final boolean reversed;
    private boolean begun;

    /** How RocksDB reads. */
    enum Reads {
        /** What is read is kept in its cache. */
        CACHED,
        /** It leaves no traces in the cache. */
        ONCE,
        /** The same, where nothing may be held up: it fails rather than go through very many deleted entries. */
        BOUNDED
    }

    /**
     * @param from the first stored key
     * @param to the first one that does not belong to it any more, or {@code null}
     */
    StateScan(RocksDB database, byte[] from, byte[] to, boolean reversed, Reads how) {
        this.reversed = reversed;
        // Given to RocksDB, so that it does not continue through what was deleted behind them.
        lower = new Slice(from);
        upper = to == null ? null : new Slice(to);
        reads = new ReadOptions()
                .setFillCache(how == Reads.CACHED)
                .setMaxSkippableInternalKeys(how == Reads.BOUNDED ? MAX_SKIPPED : 0)
                .setIterateLowerBound(lower);
        if (upper != null) {
            reads.setIterateUpperBound(upper);
        }
        entries = database.newIterator(reads);
    }

    /**
     * Moves to the next entry.
     *
     * @return whether there is one
     * @throws LocalStateException when the database is damaged or the disk fails
     */
    public boolean next() {
        if (!begun) {
            begun = true;
            if (reversed) {
                entries.seekToLast();
            } else {
                entries.seekToFirst();
            }
        } else if (reversed) {
            entries.prev();
        } else {
            entries.next();
        }
        if (entries.isValid()) {
            return true;
        }
        try {
            entries.status();
            return false;
        } catch (RocksDBException e) {
            if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete) {
                throw new LocalStateException(
                        "too many removed entries are in the way, until RocksDB cleans them up", e);
            }
            throw DamagedDatabaseException.orFailure("cannot read the database", e);
        }
    }

    /**
     * The entry key: the stored key without the state's id. {@link StateDescriptor#recordKey} says which record key it
     * belongs to.
     */
    public byte[] key() {
        byte[] stored = entries.key();
        return Arrays.copyOfRange(stored, KeyLayout.PREFIX_BYTES, stored.length);
    }

    /** The value as its serializer wrote it. */
    public byte[] value() {
        return entries.value();
    }

    @Override
    public void close() {
        entries.close();
        reads.close();
        lower.close();
        if (upper != null) {
            upper.close();
        }
    }
}
