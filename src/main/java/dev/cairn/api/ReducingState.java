package dev.cairn.api;

/**
 * One value for the key of the record in process, into which others are merged by the reducer that was declared with it.
 *
 * <p>Treat values as immutable: the reducer returns another one. What {@link ValueState} says of the thread, of a record
 * without a key and of serdes that lose values holds here, too.
 *
 * @param <T> type of the value
 */
public interface ReducingState<T> {

    /** The value, or {@code null} where the key has none. */
    T value();

    /**
     * Merges a value into the key's: {@code reducer.apply(former, value)}, or the value itself where there was none. A
     * reducer that returns {@code null} removes it.
     *
     * @return the key's value from now on
     * @throws NullPointerException when it is {@code null}
     */
    T add(T value);

    /** Removes the value. */
    void clear();
}
