package dev.cairn.worker.record;

import java.util.function.BinaryOperator;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.Declaration;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.ReducingState;
import dev.cairn.api.TimerHandler;
import dev.cairn.api.Timers;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;
import dev.cairn.state.ExpiringStates;
import dev.cairn.state.KeyedState;

/** Takes down what a processor declares to remember: states and timers. */
abstract class DeclaredStates<K, V, KOut, VOut> implements Declaration<K, V, KOut, VOut> {

    private final int partition;
    private final KeyedState state;
    private FiringTimers timers;

    DeclaredStates(int partition, KeyedState state) {
        this.partition = partition;
        this.state = state;
    }

    @Override
    public int partition() {
        return partition;
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
}
