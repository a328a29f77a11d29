package dev.cairn.processors;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputHandler;
import dev.cairn.api.InputRecord;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.Output;
import dev.cairn.api.OutputRecord;
import dev.cairn.api.Processor;
import dev.cairn.api.ReducingState;
import dev.cairn.api.TimerHandler;
import dev.cairn.api.Timers;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;

/** Runs a processor on the records of one key; state and output go through their serdes as they do in a worker. */
final class OneKey<VOut> implements Declaration<byte[], byte[], byte[], VOut>, Output<byte[], VOut> {

    static final byte[] KEY = {0, -1, 7};

    private final Processor<byte[], byte[], byte[], VOut> processor;
    private final List<byte[]> emittedKeys = new ArrayList<>();
    private final List<String> emitted = new ArrayList<>();
    private Serde<VOut> output;
    private String stateName;
    private byte[] stored;

    OneKey(Processor<byte[], byte[], byte[], VOut> processor) {
        this.processor = processor;
        processor.declare(this);
    }

    void process(byte[] value) throws Exception {
        processor.process(new InputRecord<>("in", 0, 0, 0, KEY, value, new RecordHeaders()), this);
    }

    List<byte[]> emittedKeys() {
        return emittedKeys;
    }

    List<String> emitted() {
        return emitted;
    }

    String stateName() {
        return stateName;
    }

    String stored() {
        return text(stored);
    }

    @Override
    public int partition() {
        return 0;
    }

    @Override
    public void input(Serde<byte[]> key, Serde<byte[]> value) {}

    @Override
    public <IK, IV> void input(String name, Serde<IK> key, Serde<IV> value, InputHandler<IK, IV> handler) {
        throw new AssertionError("aggregate has one input only");
    }

    @Override
    public Output<byte[], VOut> output(Serde<byte[]> key, Serde<VOut> value) {
        output = value;
        return this;
    }

    @Override
    public <OK, OV> Output<OK, OV> output(String name, Serde<OK> key, Serde<OV> value) {
        throw new AssertionError("aggregate has one output only");
    }

    @Override
    public <MK, MV> MapState<MK, MV> mapState(String name, Serde<MK> key, Serde<MV> value) {
        throw new AssertionError("aggregate has value state only");
    }

    @Override
    public <T> ListState<T> listState(String name, Serde<T> value) {
        throw new AssertionError("aggregate has value state only");
    }

    @Override
    public <T> ReducingState<T> reducingState(String name, Serde<T> value, BinaryOperator<T> reducer) {
        throw new AssertionError("aggregate has value state only");
    }

    @Override
    public <T> ValueState<T> valueState(String name, Serde<T> value, Ttl ttl) {
        throw new AssertionError("aggregate has value state only");
    }

    @Override
    public <MK, MV> MapState<MK, MV> mapState(String name, Serde<MK> key, Serde<MV> value, Ttl ttl) {
        throw new AssertionError("aggregate has value state only");
    }

    @Override
    public <T> ListState<T> listState(String name, Serde<T> value, Ttl ttl) {
        throw new AssertionError("aggregate has value state only");
    }

    @Override
    public <T> ReducingState<T> reducingState(String name, Serde<T> value, BinaryOperator<T> reducer, Ttl ttl) {
        throw new AssertionError("aggregate has value state only");
    }

    @Override
    public <TK> Timers eventTimers(String name, Serde<TK> key, TimerHandler<TK> handler) {
        throw new AssertionError("aggregate has no timers");
    }

    @Override
    public <TK> Timers processingTimers(String name, Serde<TK> key, TimerHandler<TK> handler) {
        throw new AssertionError("aggregate has no timers");
    }

    @Override
    public long watermark() {
        throw new AssertionError("aggregate has no event time");
    }

    @Override
    public <T> ValueState<T> valueState(String name, Serde<T> value) {
        stateName = name;
        return new ValueState<>() {
            @Override
            public T value() {
                return value.deserializer().deserialize("", stored);
            }

            @Override
            public void update(T changed) {
                stored = value.serializer().serialize("", changed);
            }
        };
    }

    @Override
    public void emit(byte[] key, VOut value) {
        emit(key, value, new RecordHeaders());
    }

    @Override
    public void emit(byte[] key, VOut value, Headers headers) {
        emittedKeys.add(key);
        emitted.add(text(output.serializer().serialize("", value)));
    }

    @Override
    public void emit(OutputRecord<byte[], VOut> record) {
        emit(record.key(), record.value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
