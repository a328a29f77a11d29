package dev.cairn.api;

import org.apache.kafka.common.header.Headers;

/**
 * Takes the results of one record, for the topic {@code cairn.output.topic}.
 *
 * <p>Results of a key arrive in the order in which they were emitted, and carry the input record's timestamp. Under
 * exactly once they become visible to {@code read_committed} readers together with the checkpoint that holds the state
 * they came from.
 *
 * <p>Only usable inside {@link Processor#process}, by its thread. Any other use is an {@link IllegalStateException}; one from
 * another thread also stops the worker. A serializer that returns {@code null} for a key or a value that is not {@code null}
 * is an {@link IllegalStateException}, too: it would write a tombstone that was not asked for.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface Output<K, V> {

    /** Emits a record. Either may be {@code null}; a record without a key goes to any partition. */
    void emit(K key, V value);

    /** Emits a record with headers. */
    void emit(K key, V value, Headers headers);
}
