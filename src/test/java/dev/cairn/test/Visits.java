package dev.cairn.test;

import org.apache.kafka.common.serialization.Serdes;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;

/** Counts the visits of each key; a path that begins with "bad" fails. */
class Visits implements Processor<String, Visits.Visit, String, Long> {

    boolean closed;

    private ValueState<Long> count;

    record Visit(String path) {}

    @Override
    public void declare(Declaration<String, Visit, String, Long> declare) {
        declare.input(Serdes.String(), JsonSerde.of(Visit.class));
        declare.output(Serdes.String(), Serdes.Long());
        count = declare.valueState("count", Serdes.Long());
    }

    @Override
    public void process(InputRecord<String, Visit> visit, Output<String, Long> output) {
        long visits = count.valueOr(0L) + 1;
        count.update(visits);
        output.emit(visit.key(), visits, visit.headers());
        if (visit.value().path().startsWith("bad")) {
            throw new IllegalArgumentException(visit.value().path());
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
