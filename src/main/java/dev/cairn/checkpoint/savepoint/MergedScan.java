package dev.cairn.checkpoint.savepoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.StateDescriptor;
import dev.cairn.state.StateScan;

/** All entries of one state in several databases, in the order of their keys. By one thread. */
final class MergedScan implements AutoCloseable {

    private final String state;
    private final List<StateScan> scans = new ArrayList<>();
    private final PriorityQueue<Head> heads = new PriorityQueue<>();
    private Head current;
    private byte[] recordKey;
    private int partition;

    /** A database that continues at this key. */
    @SuppressWarnings("ArrayRecordComponent") // Only their order counts.
    private record Head(byte[] key, StateDescriptor descriptor, StateScan scan, int partition)
            implements Comparable<Head> {

        byte[] recordKey() {
            return descriptor.recordKey(key);
        }

        @Override
        public int compareTo(Head other) {
            return Arrays.compareUnsigned(key, other.key);
        }
    }

    MergedScan(String state) {
        this.state = state;
    }

    /** Adds a database, before the first entry is read. One without the state adds nothing. */
    void add(int partition, PartitionDatabase database, List<StateDescriptor> states) {
        Optional<StateDescriptor> here =
                states.stream().filter(each -> each.name().equals(state)).findFirst();
        if (here.isPresent()) {
            StateScan scan = database.scan(here.get());
            scans.add(scan);
            advance(here.get(), scan, partition);
        }
    }

    private void advance(StateDescriptor descriptor, StateScan scan, int partition) {
        if (scan.next()) {
            heads.add(new Head(scan.key(), descriptor, scan, partition));
        }
    }

    /**
     * Moves to the next entry.
     *
     * @return whether there is one
     * @throws UnfitSnapshotException when two databases have entries of the same record key
     */
    boolean next() {
        if (current != null) {
            advance(current.descriptor, current.scan, current.partition);
        }
        current = heads.poll();
        if (current != null) {
            byte[] before = recordKey;
            recordKey = current.recordKey();
            // All entries of a record key follow on each other; in an index by time, those of one time.
            if (Arrays.equals(before, recordKey) && partition != current.partition) {
                throw new UnfitSnapshotException("a key of the state '" + state + "' is in partition " + partition
                        + " and in partition " + current.partition
                        + ", so its records were not spread by their key, and which value is right cannot be told."
                        + " A topic whose records are spread otherwise cannot be rescaled");
            }
            partition = current.partition;
        }
        return current != null;
    }

    /** The entry key. */
    byte[] key() {
        return current.key;
    }

    byte[] recordKey() {
        return recordKey;
    }

    byte[] value() {
        return current.scan.value();
    }

    @Override
    public void close() {
        scans.forEach(StateScan::close);
    }
}
