package dev.cairn.worker.record;

import java.util.List;
import java.util.function.BinaryOperator;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputHandler;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ReducingState;
import dev.cairn.api.TimerHandler;
import dev.cairn.api.Timers;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;
import dev.cairn.state.ExpiringStates;
import dev.cairn.state.KeyedState;

/** Takes down what a processor declares. */
final class Declared<K, V, KOut, VOut> implements Declaration<K, V, KOut, VOut> {

    private final int partition;
    private final Processor<K, V, KOut, VOut> processor;
    private final KeyedState state;
    private FiringTimers timers;
    private final DeclaredInputs inputs;
    private final DeclaredOutputs outputs;
    private Output<KOut, VOut> output;

    Declared(
            int partition,
            Processor<K, V, KOut, VOut> processor,
            KeyedState state,
            DeclaredInputs inputs,
            DeclaredOutputs outputs) {
        this.partition = partition;
        this.processor = processor;
        this.state = state;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    @Override
    public int partition() {
        return partition;
    }

    @Override
    public void input(Serde<K> key, Serde<V> value) {
        inputs.others(key, value, record -> processor.process(record, output));
    }

    @Override
    public <IK, IV> void input(String name, Serde<IK> key, Serde<IV> value, InputHandler<IK, IV> handler) {
        inputs.add(name, key, value, handler);
    }

    @Override
    public Output<KOut, VOut> output(Serde<KOut> key, Serde<VOut> value) {
        output = outputs.main(key, value);
        return output;
    }

    @Override
    public <OK, OV> Output<OK, OV> output(String name, Serde<OK> key, Serde<OV> value) {
        return outputs.add(name, key, value);
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
        return expiring(ttl).valueState(name, value, ttl);
    }

    @Override
    public <MK, MV> MapState<MK, MV> mapState(String name, Serde<MK> key, Serde<MV> value, Ttl ttl) {
        return expiring(ttl).mapState(name, key, value, ttl);
    }

    @Override
    public <T> ListState<T> listState(String name, Serde<T> value, Ttl ttl) {
        return expiring(ttl).listState(name, value, ttl);
    }

    @Override
    public <T> ReducingState<T> reducingState(String name, Serde<T> value, BinaryOperator<T> reducer, Ttl ttl) {
        return expiring(ttl).reducingState(name, value, reducer, ttl);
    }

    @Override
    public <TK> Timers eventTimers(String name, Serde<TK> key, TimerHandler<TK> handler) {
        return firing().addByEvent(name, state.eventTimers(name), key, handler);
    }

    @Override
    public <TK> Timers processingTimers(String name, Serde<TK> key, TimerHandler<TK> handler) {
        return firing().addByClock(name, state.processingTimers(name), key, handler);
    }

    @Override
    public long watermark() {
        return state.time().watermark();
    }

    private ExpiringStates expiring(Ttl ttl) {
        if (ttl.isInEventTime()) {
            // What fires timers moves the watermark, too.
            firing();
        }
        return state.expiring();
    }

    private FiringTimers firing() {
        if (timers == null) {
            timers = new FiringTimers(partition, state.time());
        }
        return timers;
    }

    /** The timers; {@code null} where none were declared. */
    FiringTimers timers() {
        return timers;
    }

    /**
     * The inputs, once everything is declared.
     *
     * @throws dev.cairn.worker.status.StopWorkerException when something is missing
     */
    List<RecordInput<?, ?>> checkedInputs() {
        List<RecordInput<?, ?>> checked = inputs.checked();
        outputs.check(output != null);
        if (output == null) {
            output = outputs.main(null, null);
        }
        return checked;
    }
}
