package dev.cairn.test;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;

/** The processor under test, as the pipeline sees it. */
final class ObservedProcessor<K, V, KOut, VOut> implements Processor<K, V, KOut, VOut> {

    private final Processor<K, V, KOut, VOut> processor;
    private final StateWatch watch;
    private final ObservedDeclaration<K, V, KOut, VOut> declared;
    private RuntimeException failure;

    /** Lets it declare. */
    ObservedProcessor(Processor<K, V, KOut, VOut> processor, int partition, StateWatch watch) {
        this.processor = processor;
        this.watch = watch;
        this.declared = new ObservedDeclaration<>(partition, watch);
        try {
            processor.declare(declared);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    @Override
    public void declare(Declaration<K, V, KOut, VOut> declare) {
        declared.passOn(declare);
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void process(InputRecord<K, V> input, Output<KOut, VOut> output) throws Exception {
        watch.begin(input);
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
}
