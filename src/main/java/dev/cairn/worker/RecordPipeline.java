package dev.cairn.worker;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

import dev.cairn.api.InputRecord;
import dev.cairn.api.Processor;
import dev.cairn.state.KeyedState;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.StateSerdeException;

/**
 * A partition's path of a record: decode, process, keep or drop its effects. The hot path; on the loop's thread.
 */
final class RecordPipeline<K, V, KOut, VOut> implements AutoCloseable {

    private final Processor<K, V, KOut, VOut> processor;
    private final KeyedState state;
    private final RecordErrors errors;
    private final Deserializer<K> keyDeserializer;
    private final Deserializer<V> valueDeserializer;
    private final RecordCollector<KOut, VOut> collector;

    private RecordPipeline(
            Processor<K, V, KOut, VOut> processor,
            KeyedState state,
            RecordErrors errors,
            Deserializer<K> keyDeserializer,
            Deserializer<V> valueDeserializer,
            RecordCollector<KOut, VOut> collector) {
        this.processor = processor;
        this.state = state;
        this.errors = errors;
        this.keyDeserializer = keyDeserializer;
        this.valueDeserializer = valueDeserializer;
        this.collector = collector;
    }

    /**
     * Lets a processor declare what it needs.
     *
     * @param outputTopic or {@code null}
     * @throws StopWorkerException when what it declares cannot be
     */
    static <K, V, KOut, VOut> RecordPipeline<K, V, KOut, VOut> open(
            int partition,
            Processor<K, V, KOut, VOut> processor,
            KeyedState state,
            RecordErrors errors,
            String outputTopic,
            Outputs outputs) {
        Declared<K, V, KOut, VOut> declared = new Declared<>(partition, state);
        try {
            processor.declare(declared);
        } catch (RuntimeException e) {
            throw new StopWorkerException("the processor cannot start: " + e.getMessage(), e);
        }
        declared.check(outputTopic != null);
        RecordCollector<KOut, VOut> collector = outputTopic == null
                ? RecordCollector.without()
                : RecordCollector.to(outputTopic, declared.outputKey(), declared.outputValue(), outputs);
        return new RecordPipeline<>(
                processor,
                state,
                errors,
                declared.inputKey().deserializer(),
                declared.inputValue().deserializer(),
                collector);
    }

    void process(ConsumerRecord<byte[], byte[]> record) {
        RecordErrors.Stage stage = RecordErrors.Stage.DESERIALIZE_KEY;
        try {
            K key = keyDeserializer.deserialize(record.topic(), record.headers(), record.key());
            stage = RecordErrors.Stage.DESERIALIZE_VALUE;
            V value = valueDeserializer.deserialize(record.topic(), record.headers(), record.value());
            stage = RecordErrors.Stage.PROCESS;
            state.beginRecord(record.key());
            collector.beginRecord(record.timestamp());
            processor.process(
                    new InputRecord<>(
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            record.timestamp(),
                            key,
                            value,
                            record.headers()),
                    collector);
            state.keepRecord();
        } catch (LocalStateException | StateSerdeException | StopWorkerException | RollBackException e) {
            throw e;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            state.dropRecord();
            collector.drop();
            errors.handle(record, stage, e);
            return;
        }
        collector.send();
    }

    void rollBack() {
        collector.drop();
    }

    @Override
    public void close() {
        processor.close();
    }
}
