package dev.cairn.api;

import java.util.Iterator;

/**
 * Elements in the order in which they were added, for the key of the record in process: a list for every record key.
 *
 * <p>To add an element costs one entry, whatever the list's size, in memory, in the checkpoint and on the disk.
 *
 * <p>Treat elements as immutable. What {@link ValueState} says of the thread, of a record without a key and of serdes that
 * lose values holds here, too.
 *
 * @param <T> type of the elements
 */
public interface ListState<T> extends Iterable<T> {

    /** Adds an element at the end. @throws NullPointerException when it is {@code null} */
    void add(T value);

    /** Adds elements at the end. */
    default void addAll(Iterable<? extends T> values) {
        values.forEach(this::add);
    }

    /** How many elements there are. */
    long size();

    /** Whether there is no element. */
    default boolean isEmpty() {
        return size() == 0;
    }

    /** The element that was added last, or {@code null} where there is none. */
    T last();

    /**
     * Removes the oldest elements until no more than these are left. Each one that is removed costs an entry.
     *
     * @param most how many elements stay, from 0
     */
    void keepLast(long most);

    /** Removes all elements. Each one costs an entry. */
    default void clear() {
        keepLast(0);
    }

    /**
     * The elements, the oldest first, as they are when this is called. The iterator lives as long as its record; afterwards
     * it is an {@link IllegalStateException}. What is removed ahead of it does not show.
     */
    @Override
    Iterator<T> iterator();

    /** The elements, the newest first; otherwise as {@link #iterator}. */
    Iterable<T> reversed();
}
