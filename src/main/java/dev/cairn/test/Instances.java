package dev.cairn.test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.cairn.api.Processor;

/** Makes the instances of a processor, and closes those that a crash has left open. */
final class Instances<K, V, KOut, VOut> {

    private final List<Processor<?, ?, ?, ?>> made = new ArrayList<>();
    private Supplier<? extends Processor<K, V, KOut, VOut>> supplier;

    Instances(Supplier<? extends Processor<K, V, KOut, VOut>> supplier) {
        this.supplier = supplier;
    }

    /** Those that are made from now on. */
    void use(Supplier<? extends Processor<K, V, KOut, VOut>> other) {
        supplier = other;
    }

    /** @throws IllegalStateException when there is no new instance */
    Processor<K, V, KOut, VOut> next() {
        Processor<K, V, KOut, VOut> processor = supplier.get();
        if (processor == null) {
            throw new IllegalStateException("the supplier of the processor returned null");
        }
        if (made.stream().anyMatch(each -> each == processor)) {
            throw new IllegalStateException(
                    "each partition, and each start after restart() or crash(), has an instance of the processor of its own,"
                            + " and this one was used before: let the supplier make a new one, such as"
                            + " ProcessorTest.of(" + processor.getClass().getSimpleName() + "::new)");
        }
        made.add(processor);
        return processor;
    }
}
