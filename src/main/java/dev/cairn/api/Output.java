package dev.cairn.api;

import org.apache.kafka.common.header.Headers;

/**
 * Takes the results of the record in process, for one topic: {@code cairn.output.topic}, or that of an output with a name.
 *
 * <p>Results of a key arrive in the order in which they were emitted to one output, and carry the input record's timestamp.
 * Under exactly once those of all outputs become visible to {@code read_committed} readers together, with the checkpoint that
 * holds the state they came from.
 *
 * <p>Only usable inside {@link Processor#process} or an {@link InputHandler}, by its thread. Any other use is an {@link IllegalStateException}; one from
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

    /**
     * Emits a record with a timestamp, headers or a partition of its own. An output that a
     * test makes for itself need not have it.
     */
    default void emit(OutputRecord<K, V> record) {
        throw new UnsupportedOperationException(
                getClass().getName() + " takes no records with a timestamp or a partition");
    }
}
