package dev.cairn.worker.record;

import java.util.List;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.InputHandler;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.state.KeyedState;

/** Takes down what a processor declares. */
final class Declared<K, V, KOut, VOut> extends DeclaredStates<K, V, KOut, VOut> {

    private final Processor<K, V, KOut, VOut> processor;
    private final DeclaredInputs inputs;
    private final DeclaredOutputs outputs;
    private Output<KOut, VOut> output;

    Declared(
            int partition,
            Processor<K, V, KOut, VOut> processor,
            KeyedState state,
            DeclaredInputs inputs,
            DeclaredOutputs outputs) {
        super(partition, state);
        this.processor = processor;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    @Override
    public void input(Serde<K> key, Serde<V> value) {
        inputs.others(key, value, record -> processor.process(record, output));
    }

    @Override
    public <IK, IV> void input(String name, Serde<IK> key, Serde<IV> value, InputHandler<IK, IV> handler) {
        inputs.add(name, key, value, handler);
    }

    @Override
    public Output<KOut, VOut> output(Serde<KOut> key, Serde<VOut> value) {
        output = outputs.main(key, value);
        return output;
    }

    @Override
    public <OK, OV> Output<OK, OV> output(String name, Serde<OK> key, Serde<OV> value) {
        return outputs.add(name, key, value);
    }

    /**
     * The inputs, once everything is declared.
     *
     * @throws dev.cairn.worker.status.StopWorkerException when something is missing
     */
    List<RecordInput<?, ?>> checkedInputs() {
        List<RecordInput<?, ?>> checked = inputs.checked();
        outputs.check(output != null);
        if (output == null) {
            output = outputs.main(null, null);
        }
        return checked;
    }
}
