package dev.cairn.state;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.function.Predicate;

import dev.cairn.state.EntryTable.Entry;

/**
 * Goes through the entries of one record key in order: what the record in process has changed, over what the table has, over
 * what RocksDB has. It follows the keys, not positions in a structure, so that the record may change entries meanwhile: a
 * change ahead is seen.
 *
 * <p>It is closed at its end, or with its record.
 *
 * @param <T> type of the values
 */
final class EntryCursor<T> implements AutoCloseable {

    private final DeclaredEntries<T> state;
    private final NavigableMap<byte[], T> pending;
    private final Predicate<T> shown;
    private final byte[] from;
    private final byte[] to;
    private final boolean reversed;
    private final StateScan stored;
    private byte[] storedKey;

    /** Keys follow on this one. */
    private byte[] position;

    private boolean begun;
    private boolean found;
    private boolean closed;
    private boolean exhausted;
    private T value;

    /** @param shown which values it stops at; {@code null} for all */
    EntryCursor(
            DeclaredEntries<T> state,
            NavigableMap<byte[], T> pending,
            Predicate<T> shown,
            byte[] from,
            byte[] to,
            boolean reversed) {
        this.state = state;
        this.pending = pending;
        this.shown = shown;
        this.from = from;
        this.to = to;
        this.reversed = reversed;
        this.position = reversed ? to : from;
        this.stored = state.table.scan(new EntryRange(from, to, reversed));
    }

    /** Whether there is another entry. */
    boolean hasNext() {
        state.requireKey();
        if (closed && !exhausted) {
            throw new IllegalStateException("the state '" + state.name() + "' was iterated after the record for which"
                    + " that had begun: an iterator ends with its record");
        }
        if (!found && !exhausted) {
            found = find();
            if (!found) {
                exhausted = true;
                close();
            }
        }
        return found;
    }

    /** Moves to the next entry. @return its entry key */
    byte[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        found = false;
        return position;
    }

    /** The value of the entry at which it is. */
    T value() {
        return value;
    }

    private boolean find() {
        if (!begun) {
            advanceStored();
        }
        while (true) {
            boolean inclusive = !begun && !reversed;
            byte[] key = null;
            Map.Entry<byte[], T> changed = following(inclusive);
            Entry<T> held = state.table.following(position, inclusive, reversed);
            while (storedKey != null && begun && !isBefore(position, storedKey)) {
                advanceStored();
            }
            if (storedKey != null) {
                key = storedKey;
            }
            if (held != null && isWithin(held.key) && (key == null || !isBefore(key, held.key))) {
                key = held.key;
            } else {
                held = null;
            }
            if (changed != null && isWithin(changed.getKey()) && (key == null || !isBefore(key, changed.getKey()))) {
                key = changed.getKey();
            } else {
                changed = null;
            }
            if (key == null) {
                return false;
            }
            begun = true;
            position = key;
            if (changed != null) {
                value = changed.getValue();
            } else if (held != null) {
                value = held.value;
            } else {
                value = state.table.deserialize(stored.value());
            }
            if (value != null && (shown == null || shown.test(value))) {
                return true;
            }
        }
    }

    private Map.Entry<byte[], T> following(boolean inclusive) {
        if (reversed) {
            return pending.lowerEntry(position);
        }
        return inclusive ? pending.ceilingEntry(position) : pending.higherEntry(position);
    }

    private void advanceStored() {
        if (stored != null) {
            try {
                storedKey = stored.next() ? stored.key() : null;
            } catch (LocalStateException e) {
                throw state.failed(e);
            }
        }
    }

    private boolean isBefore(byte[] key, byte[] other) {
        int order = Arrays.compareUnsigned(key, other);
        return reversed ? order > 0 : order < 0;
    }

    private boolean isWithin(byte[] key) {
        return reversed ? Arrays.compareUnsigned(key, from) >= 0 : Arrays.compareUnsigned(key, to) < 0;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (stored != null) {
                stored.close();
            }
            state.closed(this);
        }
    }
}
