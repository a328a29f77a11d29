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

    /** A database that goes on at this key. */
    private static final class Head implements Comparable<Head> {

        private final byte[] key;
        private final StateScan scan;
        private final int partition;

        Head(StateScan scan, int partition) {
            this.key = scan.key();
            this.scan = scan;
            this.partition = partition;
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
            advance(scan, partition);
        }
    }

    private void advance(StateScan scan, int partition) {
        if (scan.next()) {
            heads.add(new Head(scan, partition));
        }
    }

    /**
     * Goes on to the next entry.
     *
     * @return whether there is one
     * @throws UnfitSnapshotException when two databases have the same key
     */
    boolean next() {
        if (current != null) {
            advance(current.scan, current.partition);
        }
        current = heads.poll();
        if (current != null && !heads.isEmpty() && heads.peek().compareTo(current) == 0) {
            throw new UnfitSnapshotException("a key of the state '" + state + "' is in partition " + current.partition
                    + " and in partition " + heads.peek().partition
                    + ", so its records were not spread by their key, and which value is right cannot be told."
                    + " A topic whose records are spread otherwise cannot be rescaled");
        }
        return current != null;
    }

    byte[] key() {
        return current.key;
    }

    byte[] value() {
        return current.scan.value();
    }

    @Override
    public void close() {
        scans.forEach(StateScan::close);
    }
}
