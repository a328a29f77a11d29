package dev.cairn.state;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Objects;

import dev.cairn.api.ListState;

/**
 * A state of elements in the order in which they were added, for every record key. Elements have numbers that follow on each
 * other without a gap: they are added behind the last, and removed from the first on.
 *
 * @param <T> type of the elements
 */
final class DeclaredList<T> extends DeclaredEntries<T> implements ListState<T> {

    private static final long UNKNOWN = -1;

    private final ListBounds known;

    /** As the table has them; {@code null} until they are asked for. */
    private ListBounds.Bounds bounds;

    private long first = UNKNOWN;
    private long next = UNKNOWN;

    DeclaredList(KeyedState owner, StateTable<T> table) {
        super(owner, table);
        known = new ListBounds(table.memory);
    }

    @Override
    public void add(T value) {
        byte[] key = requireKey();
        Objects.requireNonNull(value, () -> "the state '" + name() + "' was given null to add");
        set(entryKey(key, next(key)), value);
        next++;
    }

    @Override
    public long size() {
        byte[] key = requireKey();
        return next(key) - first(key);
    }

    @Override
    public T last() {
        byte[] key = requireKey();
        return size() == 0 ? null : get(entryKey(key, next - 1));
    }

    /** An element, counted from the first one, which there is. */
    T get(long index) {
        byte[] key = requireKey();
        return get(entryKey(key, first(key) + index));
    }

    /** Replaces an element, counted from the first one, which there is. */
    void set(long index, T value) {
        byte[] key = requireKey();
        next(key);
        set(entryKey(key, first(key) + index), value);
    }

    @Override
    public void keepLast(long most) {
        byte[] key = requireKey();
        if (most < 0) {
            throw new IllegalArgumentException("the state '" + name() + "' cannot keep " + most + " elements");
        }
        while (size() > most) {
            set(entryKey(key, first), null);
            first++;
        }
    }

    @Override
    public Iterator<T> iterator() {
        return iterator(false);
    }

    @Override
    public Iterable<T> reversed() {
        requireKey();
        return () -> iterator(true);
    }

    private Iterator<T> iterator(boolean reversed) {
        byte[] key = requireKey();
        EntryCursor<T> cursor = cursor(entryKey(key, first(key)), entryKey(key, next(key)), reversed);
        return new Iterator<>() {

            @Override
            public boolean hasNext() {
                return cursor.hasNext();
            }

            @Override
            public T next() {
                cursor.next();
                return cursor.value();
            }
        };
    }

    @Override
    void keep() {
        super.keep();
        bounds.next = next;
        if (first != UNKNOWN) {
            bounds.first = first;
        }
    }

    @Override
    void endRecord() {
        super.endRecord();
        bounds = null;
        first = UNKNOWN;
        next = UNKNOWN;
    }

    @Override
    void rollBack() {
        known.clear();
    }

    @Override
    void start() {
        known.start();
    }

    @Override
    void close() {
        known.close();
    }

    private long first(byte[] key) {
        if (first == UNKNOWN) {
            first = bounds(key).first;
            if (first == UNKNOWN) {
                first = end(key, false);
                if (first == UNKNOWN) {
                    first = next(key);
                }
                bounds.first = first;
            }
        }
        return first;
    }

    private long next(byte[] key) {
        if (next == UNKNOWN) {
            next = bounds(key).next;
            if (next == UNKNOWN) {
                next = end(key, true) + 1;
                bounds.next = next;
            }
        }
        return next;
    }

    private ListBounds.Bounds bounds(byte[] key) {
        if (bounds == null) {
            bounds = known.of(key);
        }
        return bounds;
    }

    /** The number of the first element or the last one. */
    private long end(byte[] key, boolean last) {
        try (EntryCursor<T> cursor = cursorOfAll(entryKey(key, 0), entryKey(key, Long.MAX_VALUE), last)) {
            return cursor.hasNext()
                    ? ByteBuffer.wrap(KeyLayout.rest(cursor.next())).getLong()
                    : UNKNOWN;
        }
    }

    private static byte[] entryKey(byte[] key, long number) {
        return KeyLayout.entry(
                key, ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }
}
