package dev.cairn.worker.record;

import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jboss.logging.Logger;

import dev.cairn.api.InputRecord;
import dev.cairn.api.Processor;
import dev.cairn.state.AuthorError;
import dev.cairn.state.KeyedState;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.StateSerdeException;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.output.Refusal;
import dev.cairn.worker.output.TimerRecord;
import dev.cairn.worker.status.RollBackException;
import dev.cairn.worker.status.StopWorkerException;

/**
 * A partition's path of a record: decode, process, keep or drop its effects. The hot path; on the loop's thread.
 */
public final class RecordPipeline<K, V, KOut, VOut> implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RecordPipeline.class);

    private final int partition;
    private final Processor<K, V, KOut, VOut> processor;
    private final KeyedState state;
    private final RecordErrors errors;
    private final Outputs outputs;
    private final Deserializer<K> keyDeserializer;
    private final Deserializer<V> valueDeserializer;
    private final RecordCollector<KOut, VOut> collector;

    /** {@code null} where the processor declares none. */
    private final FiringTimers timers;

    private RecordPipeline(
            int partition,
            Processor<K, V, KOut, VOut> processor,
            KeyedState state,
            RecordErrors errors,
            Outputs outputs,
            Declared<K, V, KOut, VOut> declared,
            RecordCollector<KOut, VOut> collector) {
        this.partition = partition;
        this.processor = processor;
        this.state = state;
        this.errors = errors;
        this.outputs = outputs;
        this.keyDeserializer = declared.inputKey().deserializer();
        this.valueDeserializer = declared.inputValue().deserializer();
        this.collector = collector;
        this.timers = declared.firingTimers();
        if (timers != null) {
            timers.of(this);
        }
    }

    /**
     * Lets a processor declare what it needs.
     *
     * @param outputTopic or {@code null}
     * @throws StopWorkerException when what it declares cannot be
     */
    public static <K, V, KOut, VOut> RecordPipeline<K, V, KOut, VOut> open(
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
            throw new StopWorkerException(
                    "the processor cannot start, its declare failed: " + AuthorError.describe(e), e);
        }
        declared.check(outputTopic != null);
        RecordCollector<KOut, VOut> collector = outputTopic == null
                ? RecordCollector.without(state.scope())
                : RecordCollector.to(outputTopic, declared.outputKey(), declared.outputValue(), outputs, state.scope());
        return new RecordPipeline<>(partition, processor, state, errors, outputs, declared, collector);
    }

    /**
     * Processes a record.
     *
     * @throws LocalStateException when the state cannot be read; the record has no effect then
     */
    public void process(ConsumerRecord<byte[], byte[]> record) {
        handle(record, null);
    }

    /** A timer fires: as {@link #process}. Whatever becomes of its effects, it does not come again. */
    void fire(TimerRecord record, FiringTimers.Declared<?> timer) {
        handle(record, timer);
    }

    /** The timers to be fired between the records; {@code null} where there are none. */
    public FiringTimers timers() {
        return timers;
    }

    /** @param timer what the record stands for; {@code null} for an input record */
    private void handle(ConsumerRecord<byte[], byte[]> record, FiringTimers.Declared<?> timer) {
        Refusal refusal = errors.refusals().areNone() ? null : errors.refusals().of(record);
        if (refusal == null) {
            attempt(record, timer);
        } else if (refusal.certain()) {
            failed(record, timer, RecordErrors.Stage.SEND, refusal.cause());
        } else {
            // One record of a batch was refused, and the broker did not say which: this one is sent by itself.
            outputs.flush();
            attempt(record, timer);
            outputs.flush();
        }
    }

    /** Nothing of its effects is left. */
    private void failed(
            ConsumerRecord<byte[], byte[]> record,
            FiringTimers.Declared<?> timer,
            RecordErrors.Stage stage,
            Exception error) {
        if (timer != null) {
            state.beginRecord(record.key());
            timer.discard();
            state.keepRecord();
        }
        errors.handle(record, stage, error);
    }

    private void attempt(ConsumerRecord<byte[], byte[]> record, FiringTimers.Declared<?> timer) {
        RecordErrors.Stage stage = RecordErrors.Stage.DESERIALIZE_KEY;
        try {
            if (timer == null) {
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
            } else {
                stage = RecordErrors.Stage.TIMER;
                state.beginRecord(record.key());
                collector.beginRecord(record.timestamp());
                timer.fire((TimerRecord) record);
            }
            state.requireReadable();
            requireNoMisuse(record);
            stage = RecordErrors.Stage.SEND;
            collector.requireSendable();
            state.keepRecord();
        } catch (LocalStateException e) {
            drop();
            throw e;
        } catch (StateSerdeException | StopWorkerException | RollBackException e) {
            throw e;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            try {
                state.requireReadable();
            } finally {
                drop();
            }
            failed(record, timer, stage, e);
            return;
        }
        collector.send(record);
    }

    private void drop() {
        state.dropRecord();
        collector.drop();
    }

    /** What another thread was refused is missing somewhere, and which record it belonged to cannot be told for certain. */
    private void requireNoMisuse(ConsumerRecord<byte[], byte[]> record) {
        Optional<String> misuse = state.scope().misuse();
        if (misuse.isPresent()) {
            throw new StopWorkerException(misuse.get() + ". Found at the record " + record.topic() + "-"
                    + record.partition() + "@" + record.offset()
                    + ", of which nothing is kept. It may have come from a record before it. Correct the processor");
        }
    }

    public void rollBack() {
        collector.drop();
    }

    /** What the processor does here cannot harm its partition any more, and must not harm the others. */
    @Override
    public void close() {
        try {
            processor.close();
        } catch (RuntimeException e) {
            LOG.warnf(
                    "partition %s is given up, but the processor's close failed: %s. What it has acquired may stay open",
                    partition, AuthorError.describe(e));
            LOG.debug("in detail", e);
        }
    }
}
