package dev.cairn.test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import dev.cairn.api.Processor;
import dev.cairn.state.Change;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.SstFiles;

/** A partition: what was sent to it, what checkpoints have of it, and its processor. */
final class TestPartition<K, V, KOut, VOut> {

    private final int number;
    private final TestDisk disk;
    private final RunningProcessor.Surroundings surroundings;
    private final PartitionDatabase database;
    private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
    private final Map<String, Long> ends = new HashMap<>();
    private RunningProcessor.Stored stored = RunningProcessor.Stored.NOTHING;
    private int committed;
    private int position;
    private RunningProcessor<K, V, KOut, VOut> running;

    /**
     * Changes on their way into a checkpoint.
     *
     * @param file they are sorted in it
     */
    record Frozen(Path file, RunningProcessor.Stored stored) {}

    TestPartition(int number, TestDisk disk, RunningProcessor.Surroundings surroundings) {
        this.number = number;
        this.disk = disk;
        this.surroundings = surroundings;
        this.database = disk.database(number);
    }

    /** Starts a processor on what is committed. */
    void start(Processor<K, V, KOut, VOut> instance) {
        running = new RunningProcessor<>(number, instance, database, stored, surroundings);
    }

    /** A record arrives. */
    void append(SentRecord record) {
        long offset = ends.merge(record.topic(), 1L, Long::sum) - 1;
        log.add(record.at(offset));
    }

    /** Processes what has arrived. */
    void process() {
        running.fire();
        while (position < log.size()) {
            // It stays where it is if the record stops the worker.
            running.process(log.get(position));
            position++;
        }
        running.fire();
        running.quiet();
    }

    /** Takes the changes since the last checkpoint. */
    Frozen freeze(String checkpoint) {
        running.verify("at a checkpoint");
        List<Change> changes = running.state().freeze();
        changes.sort(Change.BY_KEY);
        Path file = disk.file(checkpoint + "-partition-" + number + ".sst");
        SstFiles.write(file, checkpoint, changes, disk.resources());
        return new Frozen(
                file,
                new RunningProcessor.Stored(
                        running.state().descriptors(), running.state().time().freeze()));
    }

    /** The checkpoint is committed. */
    void commit(Frozen frozen) {
        database.ingest(List.of(frozen.file()));
        running.state().releaseFrozen();
        stored = frozen.stored();
        committed = position;
    }

    /** What no checkpoint has is gone. @return the processor, which has not been told */
    RunningProcessor<K, V, KOut, VOut> kill() {
        running.forget();
        position = committed;
        return running;
    }

    /** The processor is given up. */
    void end() {
        running.close();
        running.forget();
    }

    RunningProcessor<K, V, KOut, VOut> running() {
        return running;
    }

    /** Closes what is left when the processor has ended. */
    void close() {
        database.close();
    }
}
