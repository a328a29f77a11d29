package dev.cairn.worker.record;

import java.util.function.BinaryOperator;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.Declaration;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.ReducingState;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;
import dev.cairn.names.SettingNames;
import dev.cairn.state.KeyedState;
import dev.cairn.worker.status.StopWorkerException;

/** Takes down what a processor declares. */
final class Declared<K, V, KOut, VOut> implements Declaration<K, V, KOut, VOut> {

    private final int partition;
    private final KeyedState state;
    private Serde<K> inputKey;
    private Serde<V> inputValue;
    private Serde<KOut> outputKey;
    private Serde<VOut> outputValue;

    Declared(int partition, KeyedState state) {
        this.partition = partition;
        this.state = state;
    }

    @Override
    public int partition() {
        return partition;
    }

    @Override
    public void input(Serde<K> key, Serde<V> value) {
        inputKey = key;
        inputValue = value;
    }

    @Override
    public void output(Serde<KOut> key, Serde<VOut> value) {
        outputKey = key;
        outputValue = value;
    }

    @Override
    public <T> ValueState<T> valueState(String name, Serde<T> value) {
        return state.valueState(name, value);
    }

    @Override
    public <MK, MV> MapState<MK, MV> mapState(String name, Serde<MK> key, Serde<MV> value) {
        return state.mapState(name, key, value);
    }

    @Override
    public <T> ListState<T> listState(String name, Serde<T> value) {
        return state.listState(name, value);
    }

    @Override
    public <T> ReducingState<T> reducingState(String name, Serde<T> value, BinaryOperator<T> reducer) {
        return state.reducingState(name, value, reducer);
    }

    @Override
    public <T> ValueState<T> valueState(String name, Serde<T> value, Ttl ttl) {
        return state.expiring().valueState(name, value, ttl);
    }

    @Override
    public <MK, MV> MapState<MK, MV> mapState(String name, Serde<MK> key, Serde<MV> value, Ttl ttl) {
        return state.expiring().mapState(name, key, value, ttl);
    }

    @Override
    public <T> ListState<T> listState(String name, Serde<T> value, Ttl ttl) {
        return state.expiring().listState(name, value, ttl);
    }

    @Override
    public <T> ReducingState<T> reducingState(String name, Serde<T> value, BinaryOperator<T> reducer, Ttl ttl) {
        return state.expiring().reducingState(name, value, reducer, ttl);
    }

    Serde<K> inputKey() {
        return inputKey;
    }

    Serde<V> inputValue() {
        return inputValue;
    }

    Serde<KOut> outputKey() {
        return outputKey;
    }

    Serde<VOut> outputValue() {
        return outputValue;
    }

    /** @throws StopWorkerException when something is missing */
    void check(boolean hasOutput) {
        if (inputKey == null || inputValue == null) {
            throw new StopWorkerException(
                    "the processor does not declare how its input is read: call declare.input(...)");
        }
        if (hasOutput && (outputKey == null || outputValue == null)) {
            throw new StopWorkerException(
                    "the job has an output topic, but the processor does not declare how results are written: call"
                            + " declare.output(...), or do not set " + SettingNames.OUTPUT_TOPIC);
        }
    }
}
