package dev.cairn.state;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

import dev.cairn.api.MapState;

/**
 * A state of values by keys of their own, for every record key, each of which expires.
 *
 * @param values with their times, those that have expired left out of iteration
 * @param expiry when they expire
 * @param <K> type of the keys
 * @param <V> type of the values
 */
record ExpiringMap<K, V>(DeclaredMap<K, Expiring<V>> values, Expiry<V> expiry) implements MapState<K, V> {

    @Override
    public V get(K key) {
        byte[] entryKey = values.entryKey(key);
        Expiring<V> held = values.get(entryKey);
        V alive = expiry.alive(held);
        if (alive != null && expiry.isRefreshing(held)) {
            values.set(entryKey, expiry.written(alive));
        }
        return alive;
    }

    @Override
    public void put(K key, V value) {
        byte[] entryKey = values.entryKey(key);
        if (value == null) {
            values.set(entryKey, null);
            return;
        }
        Expiring<V> former = values.get(entryKey);
        Expiring<V> written = expiry.written(value);
        values.set(entryKey, written);
        if (Expiry.isFoundTooLate(former, written)) {
            expiry.appears(entryKey);
        }
    }

    @Override
    public Entries<K, V> all() {
        return new Alive(values.all());
    }

    @Override
    public Entries<K, V> range(K from, K to) {
        return new Alive(values.range(from, to));
    }

    @Override
    public Entries<K, V> prefix(K prefix) {
        return new Alive(values.prefix(prefix));
    }

    @Override
    public void clear() {
        values.clear();
    }

    /** Entries that have not expired. */
    private final class Alive implements Entries<K, V> {

        private final Entries<K, Expiring<V>> entries;

        Alive(Entries<K, Expiring<V>> entries) {
            this.entries = entries;
        }

        @Override
        public Entries<K, V> reversed() {
            return new Alive(entries.reversed());
        }

        @Override
        public Optional<Map.Entry<K, V>> first() {
            return entries.first().map(this::read);
        }

        private Map.Entry<K, V> read(Map.Entry<K, Expiring<V>> held) {
            Expiring<V> value = held.getValue();
            if (expiry.isRefreshing(value)) {
                values.put(held.getKey(), expiry.written(value.value()));
            }
            return Map.entry(held.getKey(), value.value());
        }

        @Override
        public Iterator<Map.Entry<K, V>> iterator() {
            Iterator<Map.Entry<K, Expiring<V>>> alive = entries.iterator();
            return new Iterator<>() {

                @Override
                public boolean hasNext() {
                    return alive.hasNext();
                }

                @Override
                public Map.Entry<K, V> next() {
                    return read(alive.next());
                }

                @Override
                public void remove() {
                    alive.remove();
                }
            };
        }
    }
}
