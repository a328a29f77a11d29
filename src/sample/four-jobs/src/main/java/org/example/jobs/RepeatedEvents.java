package org.example.jobs;

import java.time.Duration;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;

import org.apache.kafka.common.serialization.Serdes;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.MapState;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.Ttl;

/** Drops events that repeat one of the last hour. The key is the sender, and an event has an id. */
@Dependent
@Named("repeated-events")
public class RepeatedEvents implements Processor<String, RepeatedEvents.Event, String, RepeatedEvents.Event> {

    private MapState<String, Boolean> seen;

    /** An event; its id is unique for its sender. */
    public record Event(String id, String text) {}

    @Override
    public void declare(Declaration<String, Event, String, Event> declare) {
        declare.input(Serdes.String(), JsonSerde.of(Event.class));
        declare.output(Serdes.String(), JsonSerde.of(Event.class));
        seen = declare.mapState(
                "seen",
                Serdes.String(),
                Serdes.Boolean(),
                Ttl.after(Duration.ofHours(1)).eventTime());
    }

    @Override
    public void process(InputRecord<String, Event> event, Output<String, Event> output) {
        String id = event.value().id();
        if (!seen.contains(id)) {
            seen.put(id, true);
            output.emit(event.key(), event.value(), event.headers());
        }
    }
}
