package dev.cairn.worker.record;

import java.util.List;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

import dev.cairn.api.Processor;
import dev.cairn.settings.JobSettings;
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
public final class RecordPipeline implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RecordPipeline.class);

    private final int partition;
    private final Processor<?, ?, ?, ?> processor;
    private final KeyedState state;
    private final RecordErrors errors;
    private final RecordRetries retries;
    private final Outputs outputs;
    private final RecordCollector collector;
    /** Those that have a topic, and last the one of all other topics, if there is one. */
    private final RecordInput<?, ?>[] inputs;

    private final RecordInput<?, ?> only;

    /** {@code null} where the processor declares none. */
    private final FiringTimers timers;

    private RecordPipeline(
            int partition,
            Processor<?, ?, ?, ?> processor,
            KeyedState state,
            RecordErrors errors,
            Outputs outputs,
            RecordCollector collector,
            List<RecordInput<?, ?>> inputs,
            FiringTimers timers) {
        this.partition = partition;
        this.processor = processor;
        this.state = state;
        this.errors = errors;
        this.retries = errors.retries();
        this.outputs = outputs;
        this.collector = collector;
        this.inputs = inputs.toArray(RecordInput<?, ?>[]::new);
        this.only = this.inputs.length == 1 ? this.inputs[0] : null;
        this.timers = timers;
        if (timers != null) {
            timers.of(this);
        }
    }

    /**
     * Lets a processor declare what it needs.
     *
     * @param job what is read, and where results go
     * @throws StopWorkerException when what it declares cannot be
     */
    public static <K, V, KOut, VOut> RecordPipeline open(
            int partition,
            Processor<K, V, KOut, VOut> processor,
            KeyedState state,
            RecordErrors errors,
            JobSettings job,
            Outputs outputs) {
        DeclaredOutputs written = new DeclaredOutputs(job, outputs, state.scope());
        Declared<K, V, KOut, VOut> declared =
                new Declared<>(partition, processor, state, new DeclaredInputs(job), written);
        try {
            processor.declare(declared);
        } catch (StopWorkerException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StopWorkerException(
                    "the processor cannot start, its declare failed: " + AuthorError.describe(e), e);
        }
        RecordCollector collector = written.collector();
        return new RecordPipeline(
                partition, processor, state, errors, outputs, collector, declared.checkedInputs(), declared.timers());
    }

    /** Which record is tried again, if there is one. */
    public RecordRetries retries() {
        return retries;
    }

    /**
     * Processes a record.
     *
     * @return whether it is done with; otherwise it has no effect, and must be processed again when its partition has waited
     * @throws LocalStateException when the state cannot be read; the record has no effect then
     */
    public boolean process(ConsumerRecord<byte[], byte[]> record) {
        return handle(record, null);
    }

    /** A timer fires: as {@link #process}. Once it is done with, it does not come again, even if its effects were dropped. */
    boolean fire(TimerRecord record, FiringTimers.Declared<?> timer) {
        return handle(record, timer);
    }

    /** The timers to be fired between the records; {@code null} where there are none. */
    public FiringTimers timers() {
        return timers;
    }

    /** @param timer what the record stands for; {@code null} for an input record */
    private boolean handle(ConsumerRecord<byte[], byte[]> record, FiringTimers.Declared<?> timer) {
        Refusal refusal = errors.refusals().areNone() ? null : errors.refusals().of(record);
        if (refusal == null) {
            return attempt(record, timer);
        }
        if (refusal.certain()) {
            failed(record, timer, RecordErrors.Stage.SEND, refusal.cause(), refusal.topic(), 0);
            retries.passed(record);
            return true;
        }
        // One record of a batch was refused, and the broker did not say which: this one is sent by itself.
        outputs.flush();
        boolean done = attempt(record, timer);
        outputs.flush();
        return done;
    }

    /** Nothing of its effects is left. */
    private void failed(
            ConsumerRecord<byte[], byte[]> record,
            FiringTimers.Declared<?> timer,
            RecordErrors.Stage stage,
            Exception error,
            String output,
            int failures) {
        if (timer == null) {
            errors.handle(record, stage, error, output, failures);
            return;
        }
        state.beginRecord(record.key());
        // Before anything is sent, because the state may be unreadable.
        timer.discard();
        try {
            errors.handle(record, stage, error, output, failures);
        } catch (StopWorkerException | RollBackException e) {
            state.dropRecord();
            throw e;
        }
        state.keepRecord();
    }

    private boolean attempt(ConsumerRecord<byte[], byte[]> record, FiringTimers.Declared<?> timer) {
        RecordInput<?, ?> input = timer == null && only == null ? inputOf(record.topic()) : only;
        boolean done = attempt(record, input, timer);
        if (done && retries.isActive()) {
            retries.passed(record);
        }
        return done;
    }

    private RecordInput<?, ?> inputOf(String topic) {
        for (int i = 0; i < inputs.length - 1; i++) {
            if (topic.equals(inputs[i].topic())) {
                return inputs[i];
            }
        }
        return inputs[inputs.length - 1];
    }

    private <K, V> boolean attempt(
            ConsumerRecord<byte[], byte[]> record, RecordInput<K, V> input, FiringTimers.Declared<?> timer) {
        RecordErrors.Stage stage = RecordErrors.Stage.DESERIALIZE_KEY;
        try {
            if (timer == null) {
                K key = input.key(record);
                stage = RecordErrors.Stage.DESERIALIZE_VALUE;
                V value = input.value(record);
                stage = RecordErrors.Stage.PROCESS;
                state.beginRecord(record.key());
                collector.beginRecord(record.timestamp());
                input.process(record, key, value);
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
            if (retries.takes(record, stage, e)) {
                return false;
            }
            failed(record, timer, stage, e, collector.checked(), retries.failures(record));
            return true;
        }
        collector.send(record);
        return true;
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
        retries.rollBack();
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
