package dev.cairn.test;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;

/** The handles that a processor under test has: a worker's, which tell the watch what goes through them. */
final class WatchedStates {

    private WatchedStates() {}

    /** One value. */
    record OfValue<T>(ValueState<T> state, CheckedSerde<T> serde, StateWatch watch) implements ValueState<T> {

        @Override
        public T value() {
            T value = state.value();
            watch.seen(serde, null, value);
            return value;
        }

        @Override
        public void update(T value) {
            state.update(value);
            watch.given(serde, null, value);
        }
    }

    /** One value, into which others are merged. */
    record OfReducing<T>(ReducingState<T> state, CheckedSerde<T> serde, StateWatch watch) implements ReducingState<T> {

        @Override
        public T value() {
            T value = state.value();
            watch.seen(serde, null, value);
            return value;
        }

        @Override
        public T add(T value) {
            // The reducer may change what it is given, too.
            value();
            T merged = state.add(value);
            watch.given(serde, null, merged);
            return merged;
        }

        @Override
        public void clear() {
            state.clear();
            watch.given(serde, null, null);
        }
    }

    /** Elements in an order. */
    record OfList<T>(ListState<T> state, CheckedSerde<T> serde, StateWatch watch) implements ListState<T> {

        @Override
        public void add(T value) {
            state.add(value);
            watch.elementGiven(serde, value);
        }

        @Override
        public long size() {
            return state.size();
        }

        @Override
        public T last() {
            return passed(state.last());
        }

        @Override
        public void keepLast(long most) {
            state.keepLast(most);
        }

        @Override
        public Iterator<T> iterator() {
            return mapped(state.iterator(), this::passed);
        }

        @Override
        public Iterable<T> reversed() {
            Iterable<T> reversed = state.reversed();
            return () -> mapped(reversed.iterator(), this::passed);
        }

        private T passed(T value) {
            watch.elementSeen(serde, value);
            return value;
        }
    }

    /** Values by keys of their own. */
    record OfMap<K, V>(MapState<K, V> state, CheckedSerde<K> keys, CheckedSerde<V> serde, StateWatch watch)
            implements MapState<K, V> {

        @Override
        public V get(K key) {
            V value = state.get(key);
            watch.seen(serde, key, value);
            return value;
        }

        @Override
        public void put(K key, V value) {
            state.put(key, value);
            watch.named(keys, key);
            watch.given(serde, key, value);
        }

        @Override
        public Entries<K, V> all() {
            return new OfEntries<>(this, state.all());
        }

        @Override
        public Entries<K, V> range(K from, K to) {
            return new OfEntries<>(this, state.range(from, to));
        }

        @Override
        public Entries<K, V> prefix(K prefix) {
            return new OfEntries<>(this, state.prefix(prefix));
        }

        @Override
        public void clear() {
            for (Iterator<Map.Entry<K, V>> entries = all().iterator(); entries.hasNext(); ) {
                entries.next();
                entries.remove();
            }
        }

        private Map.Entry<K, V> passed(Map.Entry<K, V> entry) {
            watch.seen(serde, entry.getKey(), entry.getValue());
            return entry;
        }
    }

    private record OfEntries<K, V>(OfMap<K, V> map, MapState.Entries<K, V> entries) implements MapState.Entries<K, V> {

        @Override
        public MapState.Entries<K, V> reversed() {
            return new OfEntries<>(map, entries.reversed());
        }

        @Override
        public Optional<Map.Entry<K, V>> first() {
            return entries.first().map(map::passed);
        }

        @Override
        public Iterator<Map.Entry<K, V>> iterator() {
            Iterator<Map.Entry<K, V>> iterator = entries.iterator();
            return new Iterator<>() {

                private K last;

                @Override
                public boolean hasNext() {
                    return iterator.hasNext();
                }

                @Override
                public Map.Entry<K, V> next() {
                    Map.Entry<K, V> entry = map.passed(iterator.next());
                    last = entry.getKey();
                    return entry;
                }

                @Override
                public void remove() {
                    iterator.remove();
                    map.watch().given(map.serde(), last, null);
                }
            };
        }
    }

    private static <T> Iterator<T> mapped(Iterator<T> iterator, Function<T, T> each) {
        return new Iterator<>() {

            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public T next() {
                return each.apply(iterator.next());
            }

            @Override
            public void remove() {
                iterator.remove();
            }
        };
    }
}
