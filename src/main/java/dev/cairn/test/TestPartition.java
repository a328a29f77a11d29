package dev.cairn.test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import dev.cairn.api.Processor;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.JobSettings;
import dev.cairn.state.Change;
import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.SstFiles;
import dev.cairn.state.StateDescriptor;
import dev.cairn.state.StateMemory;
import dev.cairn.worker.record.RecordErrors;
import dev.cairn.worker.record.RecordPipeline;
import dev.cairn.worker.status.StopWorkerException;

/** A partition: what was sent to it, and its state. */
final class TestPartition<K, V, KOut, VOut> {

    /** No test fills it: checkpoints are taken when the test says so. */
    private static final long MEMORY_BYTES = 1L << 30;

    private final int number;
    private final Surroundings surroundings;
    private final PartitionDatabase database;
    private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
    private final Map<String, Long> ends = new HashMap<>();
    private List<StateDescriptor> stored = List.of();
    private int committed;
    private int position;
    private ObservedProcessor<K, V, KOut, VOut> processor;
    private JobSettings job;
    private KeyedState state;
    private RecordPipeline pipeline;

    /** What the partitions of a test have in common. */
    record Surroundings(
            TestSettings settings, TestDisk disk, TestOutputs outputs, Failures failures, RecordErrors errors) {}

    TestPartition(int number, Surroundings surroundings) {
        this.number = number;
        this.surroundings = surroundings;
        this.database = surroundings.disk().database(number);
    }

    /**
     * Starts a processor on what is committed.
     *
     * @throws StopWorkerException when it does not declare what it has to
     */
    void open(Processor<K, V, KOut, VOut> instance) {
        TestSettings settings = surroundings.settings();
        boolean onHeap = settings.holdsAllOnHeap();
        KeyedState opened = new KeyedState(
                database,
                onHeap
                        ? StateMemory.holdingAll(MEMORY_BYTES, MEMORY_BYTES)
                        : StateMemory.caching(MEMORY_BYTES, MEMORY_BYTES),
                stored);
        ObservedProcessor<K, V, KOut, VOut> observed = new ObservedProcessor<>(instance, number);
        JobSettings declaredJob = settings.jobOf(observed.declared());
        pipeline = RecordPipeline.open(
                number, observed, opened, surroundings.errors(), declaredJob, surroundings.outputs());
        requireClaimed(opened);
        if (onHeap) {
            opened.load(() -> true);
            opened.start();
        }
        state = opened;
        processor = observed;
        job = declaredJob;
    }

    private void requireClaimed(KeyedState state) {
        List<String> unclaimed = state.unclaimed();
        if (!unclaimed.isEmpty() && !surroundings.settings().worker().recovery().ignoreUnclaimedState()) {
            throw new StopWorkerException("the processor declares no state named " + String.join(", ", unclaimed)
                    + ", but the last checkpoint holds it. Declare it, or set " + SettingNames.IGNORE_UNCLAIMED_STATE
                    + "=true to carry it on unread");
        }
    }

    /** A record arrives. */
    void append(SentRecord record) {
        long offset = ends.merge(record.topic(), 1L, Long::sum) - 1;
        log.add(record.at(offset));
    }

    /** Processes what has arrived. */
    void process() {
        while (position < log.size()) {
            ConsumerRecord<byte[], byte[]> record = log.get(position);
            int failures = surroundings.failures().count();
            pipeline.process(record);
            position++;
            processor
                    .watch()
                    .end(
                            surroundings.failures().count() == failures,
                            "the record " + record.topic() + "-" + record.partition() + "@" + record.offset());
        }
    }

    /** Takes the changes since the last checkpoint, as a sorted file. */
    Path freeze(String checkpoint) {
        verify("at a checkpoint");
        List<Change> changes = state.freeze();
        changes.sort(Change.BY_KEY);
        Path file = surroundings.disk().file(checkpoint + "-partition-" + number + ".sst");
        SstFiles.write(file, checkpoint, changes, surroundings.disk().resources());
        return file;
    }

    /** The checkpoint is committed. */
    void commit(Path frozen) {
        database.ingest(List.of(frozen));
        state.releaseFrozen();
        stored = state.descriptors();
        committed = position;
    }

    /** Looks whether the values are what the processor has stored. */
    void verify(String when) {
        processor.watch().verify(when);
    }

    /** What is not committed is gone, and the processor is not told. @return tells it, when all is over */
    Runnable kill() {
        position = committed;
        RecordPipeline killed = pipeline;
        pipeline = null;
        if (state != null) {
            state.close();
        }
        return () -> {
            if (killed != null) {
                killed.close();
            }
        };
    }

    /** The processor is given up. */
    void end() {
        if (pipeline != null) {
            pipeline.close();
            pipeline = null;
        }
        if (state != null) {
            state.close();
        }
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

    /** What its processor has declared. */
    ObservedDeclaration<K, V, KOut, VOut> declared() {
        return processor.declared();
    }

    /** The topics of the input without a name. */
    List<String> unnamedTopics() {
        List<String> topics = new ArrayList<>(job.inputTopics());
        declared().inputs().keySet().forEach(name -> topics.remove(job.namedInputs().topic(name)));
        return topics;
    }

    /** Where its records come from and go to. */
    JobSettings job() {
        return job;
    }

    /** Closes what is left, after {@link #end} or {@link #kill}. */
    void close() {
        database.close();
    }
}
