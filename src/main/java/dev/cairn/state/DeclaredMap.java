package dev.cairn.state;

import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.MapState;

/**
 * A state of values by keys of their own, for every record key.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
final class DeclaredMap<K, V> extends DeclaredEntries<V> implements MapState<K, V> {

    private final StateSerde<K> keys;

    DeclaredMap(KeyedState owner, StateTable<V> table, Serde<K> keys) {
        super(owner, table);
        this.keys = StateSerde.ofKeys(table.descriptor(), keys);
    }

    @Override
    public V get(K key) {
        return get(entryKey(key));
    }

    @Override
    public void put(K key, V value) {
        set(entryKey(key), value);
    }

    @Override
    public Entries<K, V> all() {
        byte[] first = KeyLayout.entry(requireKey(), new byte[0]);
        return new Between(first, KeyLayout.after(first), false);
    }

    @Override
    public Entries<K, V> range(K from, K to) {
        byte[] first = KeyLayout.entry(requireKey(), new byte[0]);
        return new Between(
                from == null ? first : entryKey(from), to == null ? KeyLayout.after(first) : entryKey(to), false);
    }

    @Override
    public Entries<K, V> prefix(K prefix) {
        byte[] first = entryKey(prefix);
        return new Between(first, KeyLayout.after(first), false);
    }

    @Override
    public void clear() {
        for (Iterator<Map.Entry<K, V>> entries = all().iterator(); entries.hasNext(); ) {
            entries.next();
            entries.remove();
        }
    }

    /** The entry key of a key of the record in process. */
    byte[] entryKey(K key) {
        byte[] recordKey = requireKey();
        Objects.requireNonNull(key, () -> "the state '" + name() + "' was given null as a key");
        try {
            return KeyLayout.entry(recordKey, keys.serialize(key));
        } catch (StateSerdeException e) {
            // Unlike a value, which is written when the record is long gone, it is this record's affair.
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Map.Entry<K, V> entry(byte[] entryKey, V value) {
        return Map.entry(keys.deserialize(KeyLayout.rest(entryKey)), value);
    }

    /** The entries whose keys are not below {@code from} and below {@code to}. */
    private final class Between implements Entries<K, V> {

        private final byte[] from;
        private final byte[] to;
        private final boolean reversed;

        Between(byte[] from, byte[] to, boolean reversed) {
            this.from = from;
            this.to = to;
            this.reversed = reversed;
        }

        @Override
        public Entries<K, V> reversed() {
            return new Between(from, to, !reversed);
        }

        @Override
        public Optional<Map.Entry<K, V>> first() {
            requireKey();
            try (EntryCursor<V> cursor = cursor(from, to, reversed)) {
                return cursor.hasNext() ? Optional.of(entry(cursor.next(), cursor.value())) : Optional.empty();
            }
        }

        @Override
        public Iterator<Map.Entry<K, V>> iterator() {
            requireKey();
            EntryCursor<V> cursor = cursor(from, to, reversed);
            return new Iterator<>() {

                private byte[] last;

                @Override
                public boolean hasNext() {
                    return cursor.hasNext();
                }

                @Override
                public Map.Entry<K, V> next() {
                    last = cursor.next();
                    return entry(last, cursor.value());
                }

                @Override
                public void remove() {
                    requireKey();
                    if (last == null) {
                        throw new IllegalStateException("there is no entry to remove: call next first");
                    }
                    set(last, null);
                    last = null;
                }
            };
        }
    }
}
