package dev.cairn.api;

/**
 * One value for the key of the record in process.
 *
 * <p>Treat values as immutable and change them with {@link #update}. An object that is modified in place is not part of a
 * checkpoint, stays modified when its record fails, and is not undone by a roll back; reads may return the former value
 * later.
 *
 * <p>Only usable inside {@link Processor#process}, by its thread. Any other use is an {@link IllegalStateException}; one from
 * another thread also stops the worker. A record without a key has no state: using it is an {@link IllegalStateException},
 * and an error of that record.
 *
 * <p>The serde must not lose values. A serializer that returns {@code null} for a value, or a deserializer that returns
 * {@code null} for stored bytes, stops the worker.
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
