package dev.cairn.api;

import java.util.Map;
import java.util.Optional;

/**
 * Values by keys of their own, for the key of the record in process: a map for every record key.
 *
 * <p>{@link #get}, {@link #put} and {@link #remove} cost one entry each, whatever the map's size, in memory, in the checkpoint
 * and on the disk. So a large map belongs here, and not into a {@link ValueState} of a {@code Map}.
 *
 * <p>Entries have the order of their keys' bytes, as the key serde writes them, compared without sign. With {@link
 * OrderedSerdes}, that is the order of the texts, numbers or instants. Keys are equal if their bytes are.
 *
 * <p>Treat values as immutable and change them with {@link #put}, as those of a {@link ValueState}. What is said there of the
 * thread, of a record without a key and of serdes that lose values holds here, too. A {@code null} key is a {@link
 * NullPointerException}, and one that its serializer cannot write an {@link IllegalArgumentException}: errors of the record.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface MapState<K, V> {

    /** The key's value, or {@code null} where it has none. */
    V get(K key);

    /** The key's value, or {@code other} where it has none. */
    default V getOr(K key, V other) {
        V value = get(key);
        return value == null ? other : value;
    }

    /** Whether the key has a value. */
    default boolean contains(K key) {
        return get(key) != null;
    }

    /** Gives the key a value, without reading the former one; {@code null} removes it. */
    void put(K key, V value);

    /** Removes the key's value. */
    default void remove(K key) {
        put(key, null);
    }

    /** Whether there is no entry. */
    default boolean isEmpty() {
        return all().first().isEmpty();
    }

    /** All entries. */
    Entries<K, V> all();

    /**
     * Entries in a range of keys.
     *
     * @param from the first key; {@code null} for no limit
     * @param to the first key after the range; {@code null} for no limit
     */
    Entries<K, V> range(K from, K to);

    /**
     * Entries whose keys begin with a prefix, byte by byte. For keys that are text.
     *
     * @param prefix a key, as its serde writes it
     */
    Entries<K, V> prefix(K prefix);

    /** Removes all entries. Reads each, and writes each as a removal into the next checkpoint. */
    void clear();

    /**
     * Entries of a map, in order. Nothing is read before they are iterated, and only as much as is iterated.
     *
     * <p>An iterator lives as long as its record; afterwards it is an {@link IllegalStateException}. It may remove the entry
     * that it gave last. The map may change meanwhile: what is put or removed ahead of an iterator shows in it.
     *
     * @param <K> type of the keys
     * @param <V> type of the values
     */
    interface Entries<K, V> extends Iterable<Map.Entry<K, V>> {

        /** The same entries against the order, the last one first. */
        Entries<K, V> reversed();

        /** The first entry, or nothing where there is none. */
        Optional<Map.Entry<K, V>> first();
    }
}
