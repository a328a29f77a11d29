package org.example.jobs;

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

/** Tells when a key has been silent for 30 seconds by the clock. The key is a device, the value anything that it says. */
@Dependent
@Named("silent-keys")
public class SilentKeys implements Processor<String, String, String, String> {

    private static final long SILENCE = Duration.ofSeconds(30).toMillis();

    private ValueState<Long> lastHeard;
    private Timers silent;
    private Output<String, String> output;

    @Override
    public void declare(Declaration<String, String, String, String> declare) {
        declare.input(Serdes.String(), Serdes.String());
        output = declare.output(Serdes.String(), Serdes.String());
        lastHeard = declare.valueState("last-heard", Serdes.Long());
        silent = declare.processingTimers("silent", Serdes.String(), this::fellSilent);
    }

    @Override
    public void process(InputRecord<String, String> reading, Output<String, String> results) {
        lastHeard.update(reading.timestamp());
        silent.set(silent.now() + SILENCE);
    }

    private void fellSilent(Timer<String> timer) {
        output.emit(timer.key(), "silent since " + Instant.ofEpochMilli(lastHeard.value()));
        lastHeard.clear();
    }
}
