package dev.cairn.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.common.utils.Utils;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.format.SnapshotPath;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.local.Scratch;
import dev.cairn.checkpoint.savepoint.SnapshotSources;
import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.checkpoint.store.SnapshotSource;
import dev.cairn.job.Jobs;
import dev.cairn.state.EventTime;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.PartitionTime;
import dev.cairn.state.ReadTime;
import dev.cairn.state.StateDescriptor;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;

/** The state that a path points at: of a checkpoint, a partition, a job or a savepoint. By one thread. */
final class StoredState implements AutoCloseable {

    private final ObjectStore objects;
    private final SnapshotSource source;
    private final Scratch scratch;

    private StoredState(ObjectStore objects, SnapshotSource source, Scratch scratch) {
        this.objects = objects;
        this.source = source;
        this.scratch = scratch;
    }

    /** @throws CommandException when there is no state, or when it cannot be read */
    static StoredState open(String path) {
        SnapshotPath pointed = pointed(path);
        ObjectStore objects = CheckpointsDirectory.of(pointed.directory()).open();
        try {
            return new StoredState(objects, SnapshotSources.open(pointed, objects), Scratch.create());
        } catch (ObjectMissingException e) {
            objects.close();
            throw new CommandException(
                    "there is no checkpoint, job or savepoint at " + pointed.canonical() + ". Correct the path", e);
        } catch (DamagedCheckpointException e) {
            objects.close();
            throw damaged(e);
        } catch (RuntimeException e) {
            objects.close();
            throw e;
        }
    }

    private static SnapshotPath pointed(String path) {
        try {
            return SnapshotPath.of(path);
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    /** What it is, for messages. */
    String description() {
        return source.description();
    }

    List<Integer> partitions() {
        return source.partitions();
    }

    /**
     * The names of its states.
     *
     * @throws CommandException when a partition has no state, or when it cannot be read
     */
    Set<String> states() {
        Set<String> names = new LinkedHashSet<>();
        for (int partition : partitions()) {
            seen(snapshot(partition).checkpoint()).forEach(state -> names.add(state.name()));
        }
        return names;
    }

    /** The states that have a key's values; an index by time only says the same in another order. */
    private static List<StateDescriptor> seen(CheckpointMetadata checkpoint) {
        return checkpoint.states().stream().filter(state -> !state.isIndex()).toList();
    }

    /** Whether a record's key may have several entries in one of its states, or in the only one that counts. */
    boolean hasEntries(Optional<String> only) {
        return partitions().stream()
                .flatMap(partition -> seen(snapshot(partition).checkpoint()).stream())
                .filter(state -> only.isEmpty() || only.get().equals(state.name()))
                .anyMatch(state -> !state.holdsOneValue());
    }

    /** @throws CommandException when it has no state of this name: it says which ones there are */
    void requireState(String name) {
        Set<String> names = states();
        if (!names.contains(name)) {
            throw new CommandException("there is no state '" + name + "' in " + description() + ". "
                    + (names.isEmpty() ? "It has none" : "Give one of these: " + String.join(", ", names)));
        }
    }

    /** The partitions, with the one first that Kafka's producers send a key to unless they are told otherwise. */
    List<Integer> partitionsFor(byte[] key) {
        List<Integer> partitions = new ArrayList<>(partitions());
        Integer likely = Utils.toPositive(Utils.murmur2(key)) % partitionCount();
        if (partitions.remove(likely)) {
            partitions.add(0, likely);
        }
        return partitions;
    }

    private int partitionCount() {
        return source.partitionCount().orElseGet(() -> snapshot(partitions().get(0))
                .checkpoint()
                .partitionCount()
                .orElse(partitions().size()));
    }

    /**
     * Opens the state of a partition; one at a time, as each takes room on the local disk. A checkpoint that a running job
     * retires meanwhile leads to the newer one.
     */
    OpenedPartition open(int partition) {
        try {
            Restored restored = scratch.open(source, partition).orElseThrow(() -> noState(partition));
            return new OpenedPartition(scratch, restored.content().orElseThrow(), restored);
        } catch (DamagedCheckpointException | ObjectMissingException e) {
            throw damaged(e);
        }
    }

    private CommandException noState(int partition) {
        return new CommandException("partition " + partition + " of " + description()
                + " has no checkpoint that is known to be committed. Give the chk-<n> directory of one");
    }

    private Snapshot snapshot(int partition) {
        try {
            return source.of(partition).orElseThrow(() -> noState(partition));
        } catch (DamagedCheckpointException e) {
            throw damaged(e);
        }
    }

    private static CommandException damaged(RuntimeException cause) {
        return new CommandException(Clause.of(cause) + ". " + Jobs.WAY_OUT, cause);
    }

    @Override
    public void close() {
        scratch.close();
        objects.close();
    }

    /**
     * The state of a partition.
     *
     * @param scratch where it lies
     * @param checkpoint what it is
     * @param restored holds it
     */
    record OpenedPartition(Scratch scratch, CheckpointMetadata checkpoint, Restored restored) implements AutoCloseable {

        PartitionDatabase database() {
            return restored.database();
        }

        /** The states that a processor has declared. */
        List<StateDescriptor> states() {
            return seen(checkpoint);
        }

        Optional<StateDescriptor> state(String name) {
            return states().stream().filter(state -> state.name().equals(name)).findFirst();
        }

        /** Whether a value has not expired. */
        boolean shows(StateDescriptor state, byte[] stored) {
            EventTime reached = checkpoint.eventTime();
            long watermark = reached == null ? PartitionTime.NONE : reached.watermark();
            return new ReadTime(System.currentTimeMillis(), watermark).shows(state, stored);
        }

        @Override
        public void close() {
            scratch.discard(restored);
        }
    }
}
