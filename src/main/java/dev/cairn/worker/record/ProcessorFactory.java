package dev.cairn.worker.record;

import dev.cairn.api.Processor;

/** Makes an instance of the job's processor for each partition. Called by the loops' threads. */
@FunctionalInterface
public interface ProcessorFactory {

    /** A new instance. */
    Processor<?, ?, ?, ?> create();
}
