package dev.cairn.bench;

import org.apache.kafka.common.serialization.Serdes;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;

/** Keeps a count and a sum per key. */
final class CountingProcessor implements Processor<byte[], Long, byte[], Totals> {

    private ValueState<Totals> totals;

    @Override
    public void declare(Declaration<byte[], Long, byte[], Totals> declare) {
        declare.input(Serdes.ByteArray(), Serdes.Long());
        declare.output(Serdes.ByteArray(), Totals.SERDE);
        totals = declare.valueState("totals", Totals.SERDE);
    }

    @Override
    public void process(InputRecord<byte[], Long> input, Output<byte[], Totals> output) {
        Totals next = totals.valueOr(Totals.NONE).add(input.value());
        totals.update(next);
        output.emit(input.key(), next);
    }
}
