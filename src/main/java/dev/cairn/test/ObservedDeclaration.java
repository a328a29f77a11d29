package dev.cairn.test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputHandler;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.Output;
import dev.cairn.api.OutputRecord;
import dev.cairn.api.ReducingState;
import dev.cairn.api.TimerHandler;
import dev.cairn.api.Timers;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;
import dev.cairn.test.WatchedStates.Late;

/**
 * Takes note of what a processor declares, and passes it on afterwards: by then the topics of the job are known, which follow
 * from it in a test.
 */
final class ObservedDeclaration<K, V, KOut, VOut> implements Declaration<K, V, KOut, VOut> {

    private final int partition;
    private final StateWatch watch;
    private final List<Consumer<Declaration<K, V, KOut, VOut>>> steps = new ArrayList<>();
    private final Map<String, Late<?>> states = new TreeMap<>();
    private final Map<String, Serdes<?, ?>> inputs = new LinkedHashMap<>();
    private final Map<String, Serdes<?, ?>> outputs = new LinkedHashMap<>();
    private Serdes<K, V> input;
    private Serdes<KOut, VOut> output;
    private Declaration<K, V, KOut, VOut> worker;

    /** How records are read or written. */
    record Serdes<A, B>(Serde<A> key, Serde<B> value) {}

    ObservedDeclaration(int partition, StateWatch watch) {
        this.partition = partition;
        this.watch = watch;
    }

    /** Declares the same to a worker. What that refuses is said to come from the author's line. */
    void passOn(Declaration<K, V, KOut, VOut> declare) {
        worker = declare;
        steps.forEach(step -> step.accept(declare));
    }

    private void step(Consumer<Declaration<K, V, KOut, VOut>> step) {
        StackTraceElement[] author = new Throwable().getStackTrace();
        steps.add(declare -> {
            try {
                step.accept(declare);
            } catch (RuntimeException e) {
                e.setStackTrace(author);
                throw e;
            }
        });
    }

    private <S> Late<S> step(String name, Function<Declaration<K, V, KOut, VOut>, S> declared) {
        Late<S> late = new Late<>(name);
        step(declare -> late.bind(declared.apply(declare)));
        return late;
    }

    private <S> Late<S> state(String name, Function<Declaration<K, V, KOut, VOut>, S> declared) {
        Late<S> late = step("state '" + name + "'", declared);
        states.put(name, late);
        return late;
    }

    @Override
    public int partition() {
        return partition;
    }

    @Override
    public void input(Serde<K> key, Serde<V> value) {
        step(declare -> declare.input(key, value));
        input = new Serdes<>(key, value);
    }

    @Override
    public <IK, IV> void input(String name, Serde<IK> key, Serde<IV> value, InputHandler<IK, IV> handler) {
        InputHandler<IK, IV> observed = handler == null
                ? null
                : record -> {
                    watch.begin(record);
                    handler.process(record);
                };
        step(declare -> declare.input(name, key, value, observed));
        inputs.put(name, new Serdes<>(key, value));
    }

    @Override
    public Output<KOut, VOut> output(Serde<KOut> key, Serde<VOut> value) {
        output = new Serdes<>(key, value);
        return new LateOutput<>(step("output", declare -> declare.output(key, value)));
    }

    @Override
    public <OK, OV> Output<OK, OV> output(String name, Serde<OK> key, Serde<OV> value) {
        outputs.put(name, new Serdes<>(key, value));
        return new LateOutput<>(step("output '" + name + "'", declare -> declare.output(name, key, value)));
    }

    @Override
    public <T> ValueState<T> valueState(String name, Serde<T> value) {
        return new WatchedStates.OfValue<>(
                state(name, declare -> declare.valueState(name, value)), new CheckedSerde<>(name, value), watch);
    }

    @Override
    public <MK, MV> MapState<MK, MV> mapState(String name, Serde<MK> key, Serde<MV> value) {
        return new WatchedStates.OfMap<>(
                state(name, declare -> declare.mapState(name, key, value)),
                new CheckedSerde<>(name, key),
                new CheckedSerde<>(name, value),
                watch);
    }

    @Override
    public <T> ListState<T> listState(String name, Serde<T> value) {
        return new WatchedStates.OfList<>(
                state(name, declare -> declare.listState(name, value)), new CheckedSerde<>(name, value), watch);
    }

    @Override
    public <T> ReducingState<T> reducingState(String name, Serde<T> value, BinaryOperator<T> reducer) {
        return new WatchedStates.OfReducing<>(
                state(name, declare -> declare.reducingState(name, value, reducer)),
                new CheckedSerde<>(name, value),
                watch);
    }

    @Override
    public <T> ValueState<T> valueState(String name, Serde<T> value, Ttl ttl) {
        return new WatchedStates.OfValue<>(
                state(name, declare -> declare.valueState(name, value, ttl)), new CheckedSerde<>(name, value), watch);
    }

    @Override
    public <MK, MV> MapState<MK, MV> mapState(String name, Serde<MK> key, Serde<MV> value, Ttl ttl) {
        return new WatchedStates.OfMap<>(
                state(name, declare -> declare.mapState(name, key, value, ttl)),
                new CheckedSerde<>(name, key),
                new CheckedSerde<>(name, value),
                watch);
    }

    @Override
    public <T> ListState<T> listState(String name, Serde<T> value, Ttl ttl) {
        return new WatchedStates.OfList<>(
                state(name, declare -> declare.listState(name, value, ttl)), new CheckedSerde<>(name, value), watch);
    }

    @Override
    public <T> ReducingState<T> reducingState(String name, Serde<T> value, BinaryOperator<T> reducer, Ttl ttl) {
        return new WatchedStates.OfReducing<>(
                state(name, declare -> declare.reducingState(name, value, reducer, ttl)),
                new CheckedSerde<>(name, value),
                watch);
    }

    @Override
    public <TK> Timers eventTimers(String name, Serde<TK> key, TimerHandler<TK> handler) {
        TimerHandler<TK> observed = observed(handler);
        return new LateTimers(state(name, declare -> declare.eventTimers(name, key, observed)));
    }

    @Override
    public <TK> Timers processingTimers(String name, Serde<TK> key, TimerHandler<TK> handler) {
        TimerHandler<TK> observed = observed(handler);
        return new LateTimers(state(name, declare -> declare.processingTimers(name, key, observed)));
    }

    private <TK> TimerHandler<TK> observed(TimerHandler<TK> handler) {
        return handler == null
                ? null
                : timer -> {
                    watch.begin(timer);
                    handler.onTimer(timer);
                };
    }

    @Override
    public long watermark() {
        return worker == null ? Long.MIN_VALUE : worker.watermark();
    }

    /** The input without a name; {@code null} where there is none. */
    Serdes<K, V> input() {
        return input;
    }

    /** The inputs that have names, in the order in which they were declared. */
    Map<String, Serdes<?, ?>> inputs() {
        return inputs;
    }

    /** The output without a name; {@code null} where there is none. */
    Serdes<KOut, VOut> output() {
        return output;
    }

    /** The outputs that have names. */
    Map<String, Serdes<?, ?>> outputs() {
        return outputs;
    }

    /** The states and timers by their names, as a worker has made them. */
    Map<String, Late<?>> states() {
        return states;
    }

    private record LateOutput<A, B>(Late<Output<A, B>> output) implements Output<A, B> {

        @Override
        public void emit(A key, B value) {
            output.get().emit(key, value);
        }

        @Override
        public void emit(A key, B value, Headers headers) {
            output.get().emit(key, value, headers);
        }

        @Override
        public void emit(OutputRecord<A, B> record) {
            output.get().emit(record);
        }
    }

    private record LateTimers(Late<Timers> timers) implements Timers {

        @Override
        public void set(Instant time) {
            timers.get().set(time);
        }

        @Override
        public void set(long millis) {
            timers.get().set(millis);
        }

        @Override
        public void delete() {
            timers.get().delete();
        }

        @Override
        public OptionalLong at() {
            return timers.get().at();
        }

        @Override
        public long now() {
            return timers.get().now();
        }
    }
}
