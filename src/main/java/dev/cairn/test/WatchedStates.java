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

    /**
     * What a worker gives to a processor that declares it, once that is known.
     *
     * @param <S> what it is
     */
    static final class Late<S> {

        private final String name;
        private S bound;

        /** @param name what it is, for messages */
        Late(String name) {
            this.name = name;
        }

        void bind(S real) {
            bound = real;
        }

        /** @throws IllegalStateException when it is used in {@code declare} */
        S get() {
            if (bound == null) {
                throw new IllegalStateException("the " + name + " was used outside of process: it is only there for the"
                        + " record that is in process, not in declare or close, nor later");
            }
            return bound;
        }
    }

    /** One value. */
    record OfValue<T>(Late<ValueState<T>> state, CheckedSerde<T> serde, StateWatch watch) implements ValueState<T> {

        @Override
        public T value() {
            T value = state.get().value();
            watch.seen(serde, null, value);
            return value;
        }

        @Override
        public void update(T value) {
            state.get().update(value);
            watch.given(serde, null, value);
        }
    }

    /** One value, into which others are merged. */
    record OfReducing<T>(Late<ReducingState<T>> state, CheckedSerde<T> serde, StateWatch watch)
            implements ReducingState<T> {

        @Override
        public T value() {
            T value = state.get().value();
            watch.seen(serde, null, value);
            return value;
        }

        @Override
        public T add(T value) {
            // The reducer may change what it is given, too.
            value();
            T merged = state.get().add(value);
            watch.given(serde, null, merged);
            return merged;
        }

        @Override
        public void clear() {
            state.get().clear();
            watch.given(serde, null, null);
        }
    }

    /** Elements in an order. */
    record OfList<T>(Late<ListState<T>> state, CheckedSerde<T> serde, StateWatch watch) implements ListState<T> {

        @Override
        public void add(T value) {
            state.get().add(value);
            watch.elementGiven(serde, value);
        }

        @Override
        public long size() {
            return state.get().size();
        }

        @Override
        public T last() {
            return passed(state.get().last());
        }

        @Override
        public void keepLast(long most) {
            state.get().keepLast(most);
        }

        @Override
        public Iterator<T> iterator() {
            return mapped(state.get().iterator(), this::passed);
        }

        @Override
        public Iterable<T> reversed() {
            Iterable<T> reversed = state.get().reversed();
            return () -> mapped(reversed.iterator(), this::passed);
        }

        private T passed(T value) {
            watch.elementSeen(serde, value);
            return value;
        }
    }

    /** Values by keys of their own. */
    record OfMap<K, V>(Late<MapState<K, V>> state, CheckedSerde<K> keys, CheckedSerde<V> serde, StateWatch watch)
            implements MapState<K, V> {

        @Override
        public V get(K key) {
            V value = state.get().get(key);
            watch.seen(serde, key, value);
            return value;
        }

        @Override
        public void put(K key, V value) {
            state.get().put(key, value);
            watch.named(keys, key);
            watch.given(serde, key, value);
        }

        @Override
        public Entries<K, V> all() {
            return new OfEntries<>(this, state.get().all());
        }

        @Override
        public Entries<K, V> range(K from, K to) {
            return new OfEntries<>(this, state.get().range(from, to));
        }

        @Override
        public Entries<K, V> prefix(K prefix) {
            return new OfEntries<>(this, state.get().prefix(prefix));
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
