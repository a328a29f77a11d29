package dev.cairn.test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import dev.cairn.api.Processor;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.JobSettings;
import dev.cairn.state.EventTime;
import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.PartitionTime;
import dev.cairn.state.StateDescriptor;
import dev.cairn.state.StateMemory;
import dev.cairn.worker.record.FiringTimers;
import dev.cairn.worker.record.RecordErrors;
import dev.cairn.worker.record.RecordPipeline;
import dev.cairn.worker.status.StopWorkerException;

/** An instance of the processor, with the state of its partition on the heap: what a worker loses when it is killed. */
final class RunningProcessor<K, V, KOut, VOut> {

    /** No test fills it: checkpoints are taken when the test says so. */
    private static final long MEMORY_BYTES = 1L << 30;

    private static final int EXPIRED_AT_ONCE = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ObservedDeclaration<K, V, KOut, VOut> declared;
    private final StateWatch watch;
    private final JobSettings job;
    private final KeyedState state;
    private final RecordPipeline pipeline;
    private final LongSupplier clock;
    private boolean forgotten;
    private boolean closed;

    /**
     * What the processors of a test have in common.
     *
     * @param clock milliseconds since the epoch
     */
    record Surroundings(
            TestSettings settings, TestOutputs outputs, Failures failures, RecordErrors errors, LongSupplier clock) {}

    /** What a checkpoint has of a partition. */
    record Stored(List<StateDescriptor> states, EventTime time) {

        static final Stored NOTHING = new Stored(List.of(), null);
    }

    /**
     * Starts it.
     *
     * @throws StopWorkerException when it does not declare what it must
     */
    RunningProcessor(
            int partition,
            Processor<K, V, KOut, VOut> instance,
            PartitionDatabase database,
            Stored stored,
            Surroundings surroundings) {
        TestSettings settings = surroundings.settings();
        clock = surroundings.clock();
        watch = new StateWatch(surroundings.failures()::attempts);
        ObservedProcessor<K, V, KOut, VOut> observed = new ObservedProcessor<>(instance, partition, watch);
        declared = observed.declared();
        job = settings.jobOf(declared);
        PartitionTime time = new PartitionTime(job.outOfOrderness(), job.eventTimeIdle(), clock);
        time.start(job.inputTopics(), stored.time());
        state = new KeyedState(database, memory(settings), stored.states(), time);
        pipeline = RecordPipeline.open(partition, observed, state, surroundings.errors(), job, surroundings.outputs());
        requireClaimed(settings);
        if (settings.holdsAllOnHeap()) {
            state.load(() -> true);
            state.start();
        }
    }

    private static StateMemory memory(TestSettings settings) {
        return settings.holdsAllOnHeap()
                ? StateMemory.holdingAll(MEMORY_BYTES, MEMORY_BYTES)
                : StateMemory.caching(MEMORY_BYTES, MEMORY_BYTES);
    }

    private void requireClaimed(TestSettings settings) {
        List<String> unclaimed = state.unclaimed();
        if (!unclaimed.isEmpty() && !settings.worker().recovery().ignoreUnclaimedState()) {
            throw new StopWorkerException("the processor declares no state named " + String.join(", ", unclaimed)
                    + ", but the last checkpoint holds it. Declare it, or set " + SettingNames.IGNORE_UNCLAIMED_STATE
                    + "=true to carry it on unread");
        }
    }

    /** Processes a record, after the timers that are due before it. */
    void process(ConsumerRecord<byte[], byte[]> record) {
        FiringTimers timers = pipeline.timers();
        if (timers != null) {
            fireAll(() -> timers.fireBefore(record.topic(), record.timestamp()));
        }
        // What a worker tries again later is tried again at once.
        while (!pipeline.process(record)) {
            watch.end();
        }
        watch.end();
        deleteExpired();
    }

    /** Fires the timers that are due, and deletes some of what has expired. */
    void fire() {
        state.expiring().deleteExpired(EXPIRED_AT_ONCE);
        if (pipeline.timers() != null) {
            fireAll(pipeline.timers()::fire);
        }
        deleteExpired();
    }

    /** Deletes what has expired of the state, as a worker does between records. */
    private void deleteExpired() {
        state.expiring().deleteExpired(Integer.MAX_VALUE);
    }

    /** All of them, however many turns of a loop they take. */
    private void fireAll(Supplier<Boolean> turn) {
        do {
            pipeline.timers().beginTurn(System.nanoTime());
        } while (!turn.get());
        watch.end();
    }

    /** No input has records at hand. */
    void quiet() {
        if (waitsForInputs()) {
            long nanos = clock.getAsLong() * NANOS_PER_MILLI;
            job.inputTopics().forEach(topic -> pipeline.timers().quiet(topic, true, nanos));
        }
    }

    /** Whether time that passes may end the wait for inputs that are idle. */
    boolean waitsForInputs() {
        return pipeline.timers() != null && job.inputTopics().size() > 1;
    }

    /** When its next timer by the clock is due, in milliseconds since the epoch; {@link Long#MAX_VALUE} for none. */
    long nextByClock() {
        return pipeline.timers() == null ? Long.MAX_VALUE : pipeline.timers().nextByClock();
    }

    /** By the records, in milliseconds since the epoch. */
    long watermark() {
        return state.time().watermark();
    }

    /** Reads state for a key between two records, as the processor reads it. */
    <T> T read(byte[] key, Supplier<T> read) {
        state.beginRecord(key);
        try {
            return read.get();
        } finally {
            state.dropRecord();
        }
    }

    ObservedDeclaration<K, V, KOut, VOut> declared() {
        return declared;
    }

    KeyedState state() {
        return state;
    }

    /** Looks whether the values are what the processor has stored. */
    void verify(String when) {
        watch.verify(when);
    }

    /** Where its records come from and go to. */
    JobSettings job() {
        return job;
    }

    /** The topics of the input without a name. */
    List<String> unnamedTopics() {
        List<String> topics = new ArrayList<>(job.inputTopics());
        declared.inputs()
                .keySet()
                .forEach(name -> topics.remove(job.namedInputs().topic(name)));
        return topics;
    }

    /** Its state on the heap is gone. */
    void forget() {
        if (!forgotten) {
            forgotten = true;
            state.close();
        }
    }

    /** Tells it that its partition is given up. */
    void close() {
        if (!closed) {
            closed = true;
            pipeline.close();
        }
    }
}
