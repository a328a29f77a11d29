package dev.cairn.worker.record;

import java.time.Duration;
import java.time.Instant;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;

import org.apache.kafka.common.serialization.Serdes;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.Timer;
import dev.cairn.api.Timers;
import dev.cairn.api.ValueState;

/** The sample of timers in docs/processors.md. */
@Dependent
@Named("silence")
public class Silence implements Processor<String, String, String, String> {

    private ValueState<String> last;
    private Timers silent;
    private Output<String, String> output;

    @Override
    public void declare(Declaration<String, String, String, String> declare) {
        declare.input(Serdes.String(), Serdes.String());
        output = declare.output(Serdes.String(), Serdes.String());
        last = declare.valueState("last", Serdes.String());
        silent = declare.eventTimers("silent", Serdes.String(), this::fellSilent);
    }

    @Override
    public void process(InputRecord<String, String> reading, Output<String, String> results) {
        last.update(reading.value());
        silent.set(Instant.ofEpochMilli(reading.timestamp()).plus(Duration.ofSeconds(30)));
    }

    private void fellSilent(Timer<String> timer) {
        output.emit(timer.key(), "silent after " + last.value());
        last.clear();
    }
}
