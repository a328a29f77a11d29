package com.example;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;

/** A processor with the faults of an author, who is not in Cairn's packages. A record's value says which. */
public final class Orders implements Processor<String, String, String, String> {

    /** Makes nothing of the value {@code nothing}. */
    public static final Serializer<String> LOSING = (topic, value) ->
            value.equals("nothing") ? null : Serdes.String().serializer().serialize(topic, value);

    private final boolean usesStateTooEarly;
    private ValueState<String> state;
    private Output<String, String> kept;

    /** @param usesStateTooEarly whether it uses its state while it declares it */
    public Orders(boolean usesStateTooEarly) {
        this.usesStateTooEarly = usesStateTooEarly;
    }

    @Override
    public void declare(Declaration<String, String, String, String> declare) {
        Serde<String> losing = Serdes.serdeFrom(LOSING, Serdes.String().deserializer());
        declare.input(Serdes.String(), Serdes.String());
        declare.output(Serdes.String(), losing);
        state = declare.valueState("orders", losing);
        if (usesStateTooEarly) {
            state.update("too early");
        }
    }

    @Override
    public void process(InputRecord<String, String> input, Output<String, String> output) throws Exception {
        kept = output;
        switch (input.value()) {
            case "fail" -> fail(input.key());
            case "state from a thread" -> onThread(() -> state.update("lost"));
            case "output from a thread" -> onThread(() -> kept.emit("lost", "lost"));
            case "output nothing" -> output.emit(input.key(), "nothing");
            case "store nothing" -> state.update("nothing");
            default -> {
                state.update(input.value());
                output.emit(input.key(), input.value());
            }
        }
    }

    @Override
    public void close() {
        kept.emit("late", "late");
    }

    /** Throws what an author throws, who quotes the record. */
    public static void fail(String key) {
        throw new IllegalArgumentException("cannot order for " + key);
    }

    /** As a pool does, it swallows what goes wrong. */
    private static void onThread(Runnable work) throws InterruptedException {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        // Swallowed.
                    }
                },
                "author's pool");
        thread.start();
        thread.join();
    }
}
