package dev.cairn.test;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

import dev.cairn.api.Declaration;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;

/** Passes on what a processor declares, and takes note of it for the test. */
final class ObservedDeclaration<K, V, KOut, VOut> implements Declaration<K, V, KOut, VOut> {

    private final Declaration<K, V, KOut, VOut> declare;
    private final StateWatch watch;
    private final Map<String, Object> states = new TreeMap<>();
    private InputSerdes<K, V> input;
    private Serde<KOut> outputKey;
    private Serde<VOut> outputValue;

    ObservedDeclaration(Declaration<K, V, KOut, VOut> declare, StateWatch watch) {
        this.declare = declare;
        this.watch = watch;
    }

    @Override
    public int partition() {
        return declare.partition();
    }

    @Override
    public void input(Serde<K> key, Serde<V> value) {
        declare.input(key, value);
        input = new InputSerdes<>(key, value);
    }

    @Override
    public void output(Serde<KOut> key, Serde<VOut> value) {
        declare.output(key, value);
        outputKey = key;
        outputValue = value;
    }

    /** A job without a topic for results has no need of an output, and the test has one. */
    void completeOutput() {
        if (outputKey == null) {
            declare.output(undeclared(), undeclared());
        }
    }

    private static <T> Serde<T> undeclared() {
        return Serdes.serdeFrom(
                (topic, value) -> {
                    throw new IllegalStateException(
                            "the processor emits, but does not declare how: call declare.output(...)");
                },
                (topic, bytes) -> null);
    }

    @Override
    public <T> ValueState<T> valueState(String name, Serde<T> value) {
        ValueState<T> state = declare.valueState(name, value);
        states.put(name, state);
        return new WatchedStates.OfValue<>(state, new CheckedSerde<>(name, value), watch);
    }

    @Override
    public <MK, MV> MapState<MK, MV> mapState(String name, Serde<MK> key, Serde<MV> value) {
        MapState<MK, MV> state = declare.mapState(name, key, value);
        states.put(name, state);
        return new WatchedStates.OfMap<>(state, new CheckedSerde<>(name, key), new CheckedSerde<>(name, value), watch);
    }

    @Override
    public <T> ListState<T> listState(String name, Serde<T> value) {
        ListState<T> state = declare.listState(name, value);
        states.put(name, state);
        return new WatchedStates.OfList<>(state, new CheckedSerde<>(name, value), watch);
    }

    @Override
    public <T> ReducingState<T> reducingState(String name, Serde<T> value, BinaryOperator<T> reducer) {
        ReducingState<T> state = declare.reducingState(name, value, reducer);
        states.put(name, state);
        return new WatchedStates.OfReducing<>(state, new CheckedSerde<>(name, value), watch);
    }

    /** How records are read. */
    InputSerdes<K, V> input() {
        return input;
    }

    Serde<KOut> outputKey() {
        return outputKey;
    }

    Serde<VOut> outputValue() {
        return outputValue;
    }

    /** The states by their names, as a worker has made them. */
    Map<String, Object> states() {
        return states;
    }
}
