package dev.cairn.api;

import java.util.function.BinaryOperator;

import org.apache.kafka.common.serialization.Serde;

/**
 * Where a processor says what it reads, what it writes and what it remembers.
 *
 * <p>Serdes are Kafka's own; {@link JsonSerde} reads and writes JSON. Each is used by one thread at a time; stored
 * values may be read on another one before the first record. A declaration that
 * contradicts itself (a name twice, a missing serde) is an {@link IllegalArgumentException} or an error at start.
 *
 * @param <K> type of the input's keys
 * @param <V> type of the input's values
 * @param <KOut> type of the output's keys
 * @param <VOut> type of the output's values
 */
public interface Declaration<K, V, KOut, VOut> {

    /** The partition this instance is for, from 0. */
    int partition();

    /** How the records of all input topics are read. Required. */
    void input(Serde<K> key, Serde<V> value);

    /** How results are written. Required for a job with an output topic. */
    void output(Serde<KOut> key, Serde<VOut> value);

    /**
     * One value for every key.
     *
     * @param name identifies the state in checkpoints: letters, digits, {@code -}, {@code _} and {@code .}, at most 100
     *     characters, unique in the processor. Renaming it abandons what was stored.
     * @param value how the value is stored; a checkpoint records its name and refuses another one
     * @return the state, always positioned at the key of the record in process
     */
    <T> ValueState<T> valueState(String name, Serde<T> value);

    /**
     * Values by keys of their own for every key: a map that may be large.
     *
     * @param name as {@link #valueState}
     * @param key how the keys in the map are stored, which is also their order: see {@link OrderedSerdes}
     * @param value how the values are stored
     * @return the state, always positioned at the key of the record in process
     */
    <MK, MV> MapState<MK, MV> mapState(String name, Serde<MK> key, Serde<MV> value);

    /**
     * Elements in the order in which they are added for every key: a list that may be large.
     *
     * @param name as {@link #valueState}
     * @param value how an element is stored
     * @return the state, always positioned at the key of the record in process
     */
    <T> ListState<T> listState(String name, Serde<T> value);

    /**
     * One value for every key, into which others are merged.
     *
     * @param name as {@link #valueState}
     * @param value how the value is stored
     * @param reducer makes one of the former value and the one that is added; without side effects
     * @return the state, always positioned at the key of the record in process
     */
    <T> ReducingState<T> reducingState(String name, Serde<T> value, BinaryOperator<T> reducer);

    /**
     * As {@link #valueState(String, Serde)}, with values that expire.
     *
     * @param ttl how long a value lives
     */
    <T> ValueState<T> valueState(String name, Serde<T> value, Ttl ttl);

    /**
     * As {@link #mapState(String, Serde, Serde)}, with values that expire. {@link MapState#put} reads the former value then.
     *
     * @param ttl how long the value of each key in the map lives
     */
    <MK, MV> MapState<MK, MV> mapState(String name, Serde<MK> key, Serde<MV> value, Ttl ttl);

    /**
     * As {@link #listState(String, Serde)}, with elements that expire, in the order in which they were added.
     *
     * @param ttl how long an element lives; not {@linkplain Ttl#refreshedByReads refreshed by reads}
     */
    <T> ListState<T> listState(String name, Serde<T> value, Ttl ttl);

    /**
     * As {@link #reducingState(String, Serde, BinaryOperator)}, with values that expire.
     *
     * @param ttl how long the value lives after the last one was added
     */
    <T> ReducingState<T> reducingState(String name, Serde<T> value, BinaryOperator<T> reducer, Ttl ttl);
}
