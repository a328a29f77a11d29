package dev.cairn.test;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;

/** The processor under test, as the pipeline sees it. */
final class ObservedProcessor<K, V, KOut, VOut> implements Processor<K, V, KOut, VOut> {

    private final Processor<K, V, KOut, VOut> processor;
    private final boolean needsOutput;
    private final StateWatch watch = new StateWatch();
    private ObservedDeclaration<K, V, KOut, VOut> declared;

    /** @param needsOutput whether the test has named a topic for results, so that the processor has to declare an output */
    ObservedProcessor(Processor<K, V, KOut, VOut> processor, boolean needsOutput) {
        this.processor = processor;
        this.needsOutput = needsOutput;
    }

    @Override
    public void declare(Declaration<K, V, KOut, VOut> declare) {
        declared = new ObservedDeclaration<>(declare, watch);
        processor.declare(declared);
        if (!needsOutput) {
            declared.completeOutput();
        }
    }

    @Override
    public void process(InputRecord<K, V> input, Output<KOut, VOut> output) throws Exception {
        watch.begin(input.key());
        processor.process(input, output);
    }

    @Override
    public void close() {
        processor.close();
    }

    /** What it has declared. */
    ObservedDeclaration<K, V, KOut, VOut> declared() {
        return declared;
    }

    /** What becomes of the values of its states. */
    StateWatch watch() {
        return watch;
    }
}
