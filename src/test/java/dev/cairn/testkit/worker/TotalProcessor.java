package dev.cairn.testkit.worker;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import org.apache.kafka.common.serialization.Serdes;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;

/** As the processor {@code aggregate}, of integers that are the whole value; {@link dev.cairn.testkit.verify.AggregateVerifier} checks its output. */
public final class TotalProcessor implements Processor<byte[], String, byte[], TotalProcessor.Total> {

    private final Consumer<String> beforeRecord;
    private ValueState<Total> state;

    /** What is kept of a key. */
    public record Total(long count, long sum, long min, long max, long last) {

        Total add(long value) {
            return new Total(count + 1, sum + value, Math.min(min, value), Math.max(max, value), value);
        }
    }

    /** @param beforeRecord is given each value */
    public TotalProcessor(Consumer<String> beforeRecord) {
        this.beforeRecord = beforeRecord;
    }

    @Override
    public void declare(Declaration<byte[], String, byte[], Total> declare) {
        JsonSerde<Total> total = JsonSerde.of(Total.class);
        declare.input(Serdes.ByteArray(), Serdes.String());
        declare.output(Serdes.ByteArray(), total);
        state = declare.valueState("total", total);
    }

    @Override
    public void process(InputRecord<byte[], String> input, Output<byte[], Total> output) {
        beforeRecord.accept(input.value());
        long value = Long.parseLong(input.value());
        Total before = state.value();
        Total after = before == null ? new Total(1, value, value, value, value) : before.add(value);
        state.update(after);
        output.emit(input.key(), after);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
