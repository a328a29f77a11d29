package dev.cairn.state;

import java.util.Arrays;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * All entries of one state of a database, in the order of their keys, as of the moment it was opened. Used by one thread,
 * and closed before the database.
 */
public final class StateScan implements AutoCloseable {

    private final ReadOptions reads = new ReadOptions().setFillCache(false);
    private final RocksIterator entries;
    private final byte[] prefix;
    private boolean begun;

    StateScan(RocksDB database, int stateId) {
        prefix = KeyLayout.stored(stateId, new byte[0]);
        entries = database.newIterator(reads);
    }

    /**
     * Goes on to the next entry.
     *
     * @return whether there is one
     * @throws LocalStateException when the database is damaged or the disk fails
     */
    public boolean next() {
        if (begun) {
            entries.next();
        } else {
            entries.seek(prefix);
            begun = true;
        }
        if (entries.isValid() && Arrays.equals(entries.key(), 0, prefix.length, prefix, 0, prefix.length)) {
            return true;
        }
        try {
            entries.status();
            return false;
        } catch (RocksDBException e) {
            throw DamagedDatabaseException.orFailure("cannot read the database", e);
        }
    }

    /** The record's key, as it stood in Kafka. */
    public byte[] key() {
        byte[] stored = entries.key();
        return Arrays.copyOfRange(stored, prefix.length, stored.length);
    }

    /** The value as its serializer wrote it. */
    public byte[] value() {
        return entries.value();
    }

    @Override
    public void close() {
        entries.close();
        reads.close();
    }
}
