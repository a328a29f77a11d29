package dev.cairn.worker.record;

import java.time.Duration;
import java.time.Instant;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;

import org.apache.kafka.common.serialization.Serdes;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.OrderedSerdes;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ReducingState;

/** The sample of docs/processors.md: the key is a page, the value its visitor. */
@Dependent
@Named("visitors")
public class Visitors implements Processor<String, String, String, Long> {

    private MapState<Instant, String> visits;
    private ListState<String> latest;
    private ReducingState<Long> total;

    @Override
    public void declare(Declaration<String, String, String, Long> declare) {
        declare.input(Serdes.String(), Serdes.String());
        declare.output(Serdes.String(), Serdes.Long());
        visits = declare.mapState("visits", OrderedSerdes.instants(), Serdes.String());
        latest = declare.listState("latest", Serdes.String());
        total = declare.reducingState("total", Serdes.Long(), Long::sum);
    }

    @Override
    public void process(InputRecord<String, String> visit, Output<String, Long> output) {
        Instant time = Instant.ofEpochMilli(visit.timestamp());
        visits.put(time, visit.value());
        for (var old : visits.range(null, time.minus(Duration.ofHours(1)))) {
            visits.remove(old.getKey());
        }
        latest.add(visit.value());
        latest.keepLast(3);
        output.emit(visit.key(), total.add(1L));
    }
}
