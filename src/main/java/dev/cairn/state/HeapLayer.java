package dev.cairn.state;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What one stored state has on the heap over RocksDB: changes of the epoch under way, and those that are frozen in the
 * checkpoint in flight. Used by the loop's thread only, once it is loaded.
 */
interface HeapLayer {

    /**
     * Reads all of the state from RocksDB, where the memory is for all of it. On any thread, before {@link #start}.
     *
     * @param wanted asked now and then whether to continue
     */
    default void load(BooleanSupplier wanted) {}

    /** What was loaded is the loop's from here on. */
    void start();

    /** Adds what changed, serialised, in any order, and starts the next epoch. */
    void freeze(List<Change> into);

    /** What was frozen is in RocksDB now. */
    void releaseFrozen();

    /** Drops everything that is not committed. */
    void rollBack();

    /** How many entries the epoch under way has changed. */
    int changedEntries();

    /** Entries on the heap. */
    int size();

    /** Gives the memory back; it is not used again. */
    void close();
}
