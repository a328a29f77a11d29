package dev.cairn.api;

/**
 * What a job does with each record: read and change the state of the record's key, and emit results.
 *
 * <p>A processor is a CDI bean with the {@code @Dependent} scope and a {@code @Named} name; the setting {@code
 * cairn.processor} selects it by that name. Every partition has an instance of its own, and an instance is only ever used
 * by one thread, so a processor needs no synchronisation. What it must remember belongs into declared state: fields do
 * not survive a restart, and they are not rolled back when an epoch is.
 *
 * <p>A record's effects are all or nothing: when {@link #process} throws, no state change and no output of that record
 * remain, and {@code cairn.errors} decides what follows ({@code fail}, {@code skip} or {@code dead-letter}).
 *
 * <p>After a failure records are processed again from the last checkpoint. State and output do not show it, other side
 * effects (calls to other systems) do.
 *
 * @param <K> type of the input's keys
 * @param <V> type of the input's values
 * @param <KOut> type of the output's keys
 * @param <VOut> type of the output's values
 */
public interface Processor<K, V, KOut, VOut> extends AutoCloseable {

    /**
     * Declares serdes and state. Called once, before the first record, on the thread that will call {@link #process} and the
     * handlers of its inputs.
     */
    void declare(Declaration<K, V, KOut, VOut> declare);

    /**
     * Handles one record of a topic that is no input with a name. Only a processor whose inputs all have names leaves it out.
     *
     * @param input the record; never kept beyond the call
     * @param output takes any number of results; never kept beyond the call
     * @throws Exception when the record cannot be processed: the error policy applies
     */
    default void process(InputRecord<K, V> input, Output<KOut, VOut> output) throws Exception {
        throw new UnsupportedOperationException("the processor " + getClass().getName()
                + " declares how records without a named input are read, but does not implement process");
    }

    /** Releases what {@link #declare} acquired, when the partition is given up. */
    @Override
    default void close() {}
}
