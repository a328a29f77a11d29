package dev.cairn.state;

import dev.cairn.api.ValueState;

/**
 * A state of one value for every record key, which expires.
 *
 * @param values with their times
 * @param expiry when they expire
 * @param <T> type of the values
 */
record ExpiringValue<T>(DeclaredValue<Expiring<T>> values, Expiry<T> expiry) implements ValueState<T> {

    @Override
    public T value() {
        Expiring<T> held = values.value();
        T alive = expiry.alive(held);
        if (alive != null && expiry.isRefreshing(held)) {
            values.update(expiry.written(alive));
        }
        return alive;
    }

    @Override
    public void update(T value) {
        // Read also where nothing expires for long: the index has what is there.
        Expiring<T> former = values.value();
        Expiring<T> written = value == null ? null : expiry.written(value);
        values.update(written);
        if (written != null && Expiry.isFoundTooLate(former, written)) {
            expiry.appears(values.entryKey());
        }
    }
}
