package dev.cairn.processors;

import java.util.Optional;

import dev.cairn.api.Processor;

/** Makes the processor {@code aggregate} where there is no container that would. */
public final class AggregateProcessors {

    private AggregateProcessors() {}

    /** With what {@code cairn.aggregate.value} is set to. */
    public static Processor<?, ?, ?, ?> create(String valuePointer) {
        return new AggregateProcessor(Optional.of(valuePointer));
    }
}
