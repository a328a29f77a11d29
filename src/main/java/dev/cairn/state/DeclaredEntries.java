package dev.cairn.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A state of any number of entries for every record key, in the order of their keys.
 *
 * @param <T> type of the values
 */
abstract class DeclaredEntries<T> extends DeclaredState {

    final StateTable<T> table;

    /** What the record in process has made of entries; {@code null} for a removed one. */
    private final NavigableMap<byte[], T> pending = new TreeMap<>(Arrays::compareUnsigned);

    private final List<EntryCursor<T>> open = new ArrayList<>();

    /** Which values iteration shows; {@code null} for all. */
    private Predicate<T> shown;

    DeclaredEntries(KeyedState owner, StateTable<T> table) {
        super(owner, table.descriptor());
        this.table = table;
    }

    /** From now on, iteration shows these values only. */
    final void show(Predicate<T> values) {
        shown = values;
    }

    /** The value of an entry as the record in process sees it, or {@code null}. */
    final T get(byte[] entryKey) {
        return !pending.isEmpty() && pending.containsKey(entryKey) ? pending.get(entryKey) : table.value(entryKey);
    }

    /** The record gives an entry a value; {@code null} removes it. */
    final void set(byte[] entryKey, T value) {
        pending.put(entryKey, value);
        touch();
    }

    /**
     * Goes through entries as the record in process sees them.
     *
     * @param from the first entry key
     * @param to the first one that does not belong to it any more
     * @param reversed whether it begins with the last one
     */
    final EntryCursor<T> cursor(byte[] from, byte[] to, boolean reversed) {
        return open(new EntryCursor<>(this, pending, shown, from, to, reversed));
    }

    /** As {@link #cursor}, through all that is there, shown or not. */
    final EntryCursor<T> cursorOfAll(byte[] from, byte[] to, boolean reversed) {
        return open(new EntryCursor<>(this, pending, null, from, to, reversed));
    }

    private EntryCursor<T> open(EntryCursor<T> cursor) {
        open.add(cursor);
        return cursor;
    }

    final void closed(EntryCursor<T> cursor) {
        open.remove(cursor);
    }

    @Override
    void keep() {
        pending.forEach(table::put);
    }

    @Override
    void endRecord() {
        super.endRecord();
        pending.clear();
        while (!open.isEmpty()) {
            open.get(open.size() - 1).close();
        }
    }
}
