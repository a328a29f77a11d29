package dev.cairn.api;

/**
 * One value for the key of the record in process.
 *
 * <p>Treat values as immutable and change them with {@link #update}: an object that is modified in place is not stored,
 * and cannot be rolled back. Only usable inside {@link Processor#process}, by its thread; a record without a key has no
 * state, and using it is an {@link IllegalStateException}.
 *
 * @param <T> type of the value
 */
public interface ValueState<T> {

    /** The value, or {@code null} where the key has none. */
    T value();

    /** The value, or {@code other} where the key has none. */
    default T valueOr(T other) {
        T value = value();
        return value == null ? other : value;
    }

    /** Sets the value; {@code null} removes it. */
    void update(T value);

    /** Removes the value. */
    default void clear() {
        update(null);
    }
}
