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

    /** How the records of all input topics without a named input are read. Required where there are such topics. */
    void input(Serde<K> key, Serde<V> value);

    /**
     * An input with a name, which has serdes and a handler of its own. It shares the state of its keys with all other inputs:
     * keys are the same if their bytes in Kafka are.
     *
     * <p>It is the topic {@code cairn.input.<name>.topic}, or without that setting the topic of its name, which {@code
     * cairn.input.topics} has to name then.
     *
     * @param name letters, digits, {@code -}, {@code _} and {@code .}, at most 100 characters, unique among the inputs
     * @param handler handles the input's records, instead of {@link Processor#process}
     */
    <IK, IV> void input(String name, Serde<IK> key, Serde<IV> value, InputHandler<IK, IV> handler);

    /**
     * How results for {@code cairn.output.topic} are written. Required for a job with that setting.
     *
     * @return the output that {@link Processor#process} is given; without that setting, it drops what it is given
     */
    Output<KOut, VOut> output(Serde<KOut> key, Serde<VOut> value);

    /**
     * A further output. It is the topic {@code cairn.output.<name>.topic}, or without that setting the topic of its name.
     *
     * @param name letters, digits, {@code -}, {@code _} and {@code .}, at most 100 characters, unique among the outputs
     * @return the output, for the record in process
     */
    <OK, OV> Output<OK, OV> output(String name, Serde<OK> key, Serde<OV> value);

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

    /**
     * Timers by event time: one fires when the {@linkplain #watermark watermark} has reached its time, and before the record
     * that has moved the watermark there. What it emits carries its time.
     *
     * @param name as {@link #valueState}; states and timers share their names
     * @param key how the keys of the records are read for the handler
     * @param handler what happens then
     * @return the timers, always positioned at the key of the record or timer in process
     */
    <TK> Timers eventTimers(String name, Serde<TK> key, TimerHandler<TK> handler);

    /**
     * Timers by the clock: one fires when the clock has reached its time, between records or without any. What it emits
     * carries the time at which it has fired.
     *
     * @param name as {@link #valueState}; states and timers share their names
     * @param key how the keys of the records are read for the handler
     * @param handler what happens then
     * @return the timers, always positioned at the key of the record or timer in process
     */
    <TK> Timers processingTimers(String name, Serde<TK> key, TimerHandler<TK> handler);

    /**
     * The event time that the partition has reached: the least, over its inputs, of the largest timestamp seen, less {@code
     * cairn.event-time.out-of-orderness}. An input without records for {@code cairn.event-time.idle} does not hold it back.
     * A record's own timestamp counts already when it is processed.
     *
     * <p>Only kept for a processor that declares event timers, or a TTL in event time.
     *
     * @return milliseconds since the epoch, {@link Long#MIN_VALUE} before the first record
     */
    long watermark();
}
