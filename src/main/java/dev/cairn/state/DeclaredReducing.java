package dev.cairn.state;

import java.util.Objects;
import java.util.function.BinaryOperator;

import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;

/**
 * A state of one value for every record key, into which others are merged.
 *
 * @param <T> type of the values
 */
final class DeclaredReducing<T> implements ReducingState<T> {

    private final String name;
    private final ValueState<T> merged;
    private final BinaryOperator<T> reducer;

    /** @param merged where the value is kept */
    DeclaredReducing(String name, ValueState<T> merged, BinaryOperator<T> reducer) {
        this.name = name;
        this.merged = merged;
        this.reducer = reducer;
    }

    @Override
    public T value() {
        return merged.value();
    }

    @Override
    public T add(T value) {
        Objects.requireNonNull(value, () -> "the state '" + name + "' was given null to add");
        T before = merged.value();
        T after = before == null ? value : reducer.apply(before, value);
        merged.update(after);
        return after;
    }

    @Override
    public void clear() {
        merged.clear();
    }
}
