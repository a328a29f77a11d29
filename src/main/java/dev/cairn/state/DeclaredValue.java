package dev.cairn.state;

import dev.cairn.api.ValueState;
import dev.cairn.state.EntryTable.Entry;

/**
 * A state of one value for every record key.
 *
 * @param <T> type of the values
 */
final class DeclaredValue<T> extends DeclaredState implements ValueState<T> {

    private final StateTable<T> table;

    /** Whether the record's key is the entry key, so that none is made. */
    private final boolean plain;

    private T pending;
    private boolean hasPending;

    DeclaredValue(KeyedState owner, StateTable<T> table) {
        super(owner, table.descriptor());
        this.table = table;
        this.plain = StateKind.VALUE.isOf(table.descriptor());
    }

    @Override
    public T value() {
        byte[] key = requireKey();
        if (hasPending) {
            return pending;
        }
        Entry<T> entry = table.held;
        if (entry == null) {
            entry = table.read(entryKey(key));
            table.held = entry;
        }
        return entry == null ? null : entry.value;
    }

    @Override
    public void update(T value) {
        requireKey();
        pending = value;
        hasPending = true;
        touch();
    }

    @Override
    void keep() {
        if (table.held == null) {
            table.put(entryKey(requireKey()), pending);
        } else {
            table.put(table.held, pending);
        }
    }

    /** The entry key of the record in process. */
    byte[] entryKey() {
        return entryKey(requireKey());
    }

    private byte[] entryKey(byte[] key) {
        return plain ? key : KeyLayout.single(table.descriptor(), key);
    }

    @Override
    void endRecord() {
        super.endRecord();
        table.held = null;
        pending = null;
        hasPending = false;
    }
}
