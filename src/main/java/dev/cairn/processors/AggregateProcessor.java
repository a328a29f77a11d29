package dev.cairn.processors;

import java.util.Optional;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

import com.fasterxml.jackson.core.JsonPointer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;

/**
 * Keeps count, sum, min, max and last of a number in the records of each key, and emits them after each record, with the
 * record's key: {@code {"count":3,"sum":12.5,"min":1,"max":9,"last":2.5}}.
 *
 * <p>The setting {@code cairn.aggregate.value} says where in the value, which is JSON, the number is. Integers stay exact. A
 * value without that number is an error of its record.
 */
@Dependent
@Named("aggregate")
final class AggregateProcessor implements Processor<byte[], byte[], byte[], Aggregate> {

    static final String SETTING = "cairn.aggregate.value";

    private final Optional<String> setting;
    private JsonNumberReader numbers;
    private ValueState<Aggregate> state;

    @Inject
    AggregateProcessor(@ConfigProperty(name = SETTING) Optional<String> setting) {
        this.setting = setting;
    }

    /**
     * Declares a state named {@code aggregate}.
     *
     * @throws IllegalArgumentException when the setting is missing or no JSON pointer
     */
    @Override
    public void declare(Declaration<byte[], byte[], byte[], Aggregate> declare) {
        numbers = new JsonNumberReader(pointer());
        Serde<byte[]> bytes = Serdes.ByteArray();
        JsonSerde<Aggregate> aggregate = JsonSerde.of(Aggregate.class);
        declare.input(bytes, bytes);
        declare.output(bytes, aggregate);
        state = declare.valueState("aggregate", aggregate);
    }

    @Override
    public void process(InputRecord<byte[], byte[]> input, Output<byte[], Aggregate> output) {
        Number number = numbers.read(input.value());
        Aggregate before = state.value();
        Aggregate after = before == null ? Aggregate.of(number) : before.add(number);
        state.update(after);
        output.emit(input.key(), after);
    }

    private JsonPointer pointer() {
        String pointer = setting.orElseThrow(() -> new IllegalArgumentException(
                SETTING + " is not set: it names the number to aggregate by a JSON pointer, such as /delay"));
        return ReadyMadeSettings.pointer(SETTING, pointer);
    }
}
