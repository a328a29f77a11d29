package dev.cairn.api;

/**
 * Handles the records of an input that has a name, as {@link Processor#process} does those of the others. Emits to the outputs
 * that {@code declare} has returned.
 *
 * @param <K> type of the input's keys
 * @param <V> type of the input's values
 */
@FunctionalInterface
public interface InputHandler<K, V> {

    /**
     * Handles one record.
     *
     * @param input the record; never kept beyond the call
     * @throws Exception when the record cannot be processed: the error policy applies
     */
    void process(InputRecord<K, V> input) throws Exception;
}
