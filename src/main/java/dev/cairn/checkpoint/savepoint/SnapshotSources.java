package dev.cairn.checkpoint.savepoint;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.format.Origin;
import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.checkpoint.format.SnapshotPath;
import dev.cairn.checkpoint.store.CheckpointDeletion;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.CommittedCheckpoints;
import dev.cairn.checkpoint.store.GroupSource;
import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.checkpoint.store.SnapshotSource;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;

/** Finds out what a path points at. */
public final class SnapshotSources {

    private SnapshotSources() {}

    /** Chooses which checkpoint of a partition is meant. */
    @FunctionalInterface
    public interface Newest {

        /** Nothing where there is none. */
        Optional<CheckpointMetadata> of(int partition, CheckpointStore store);
    }

    /**
     * What a path points at: a savepoint, the directory of a job (the newest committed checkpoint of every partition), that
     * of one partition, or one checkpoint.
     *
     * @param objects the store at {@link SnapshotPath#directory}
     * @throws ObjectMissingException when nothing is there
     * @throws dev.cairn.checkpoint.format.DamagedCheckpointException when it is a savepoint or a checkpoint that cannot be read
     */
    public static SnapshotSource open(SnapshotPath path, ObjectStore objects) {
        if (path.partition().isPresent()) {
            int partition = path.partition().getAsInt();
            CheckpointStore store = new CheckpointStore(objects, path.name(), partition);
            return path.number().isPresent()
                    ? checkpoint(path, store, store.read(path.number().getAsLong()))
                    : new OfJob(path, List.of(partition), each -> store, SnapshotSources::newest);
        }
        SavepointStore savepoints = new SavepointStore(objects);
        Optional<Savepoint> savepoint = savepoints.read(path.name());
        if (savepoint.isPresent()) {
            return new OfSavepoint(path, savepoints, savepoint.get());
        }
        List<Integer> partitions = CheckpointStore.partitions(objects, path.name());
        if (partitions.isEmpty()) {
            throw new ObjectMissingException(objects.location(), path.name() + "/" + CheckpointPaths.METADATA);
        }
        return ofJob(path, partitions, objects, SnapshotSources::newest);
    }

    /**
     * The checkpoints of a job.
     *
     * @param newest chooses a partition's
     */
    public static SnapshotSource ofJob(
            SnapshotPath path, List<Integer> partitions, ObjectStore objects, Newest newest) {
        return new OfJob(path, partitions, partition -> new CheckpointStore(objects, path.name(), partition), newest);
    }

    /** The newest checkpoint of a partition that is known to be committed. */
    public static Optional<CheckpointMetadata> newest(int partition, CheckpointStore store) {
        return CommittedCheckpoints.newest(store, store.list(), Long.MAX_VALUE);
    }

    private static SnapshotSource checkpoint(SnapshotPath path, CheckpointStore store, CheckpointMetadata checkpoint) {
        return new OfJob(
                path, List.of(checkpoint.partition()), partition -> store, (partition, any) -> Optional.of(checkpoint));
    }

    private record OfJob(
            SnapshotPath path, List<Integer> partitions, Function<Integer, CheckpointStore> stores, Newest newest)
            implements SnapshotSource {

        @Override
        public String description() {
            return path.canonical();
        }

        @Override
        public Optional<Snapshot> of(int partition) {
            if (!partitions.contains(partition)) {
                return Optional.empty();
            }
            CheckpointStore store = stores.apply(partition);
            return newest.of(partition, store)
                    .map(checkpoint -> new Snapshot(new Origin(path.canonical(), checkpoint.uid()), store, checkpoint));
        }

        @Override
        public void release(Snapshot snapshot) {
            CheckpointMetadata checkpoint = snapshot.checkpoint();
            CheckpointDeletion deletion =
                    new CheckpointDeletion(snapshot.store(), checkpoint.partition(), GroupSource.NOT_ASKED);
            if (deletion.plan(checkpoint.number(), CheckpointDeletion.Insistence.FORCED)
                    instanceof CheckpointDeletion.Plan.Delete delete) {
                deletion.delete(delete);
            }
        }
    }

    private record OfSavepoint(SnapshotPath path, SavepointStore savepoints, Savepoint savepoint)
            implements SnapshotSource {

        @Override
        public String description() {
            return "the savepoint " + path.canonical();
        }

        @Override
        public List<Integer> partitions() {
            return savepoint.partitions().stream()
                    .map(partition -> partition.checkpoint().partition())
                    .toList();
        }

        @Override
        public Optional<Snapshot> of(int partition) {
            return savepoint.partitions().stream()
                    .map(Savepoint.Partition::checkpoint)
                    .filter(checkpoint -> checkpoint.partition() == partition)
                    .findFirst()
                    .map(checkpoint -> new Snapshot(
                            new Origin(path.canonical(), savepoint.uid()),
                            savepoints.files(path.name(), partition),
                            checkpoint));
        }

        /** It stays whole until the last partition does not need it any more. */
        @Override
        public void release(Snapshot snapshot) {
            if (savepoints.release(path.name(), snapshot.checkpoint().partition(), partitions())) {
                savepoints.delete(path.name());
            }
        }

        @Override
        public OptionalInt partitionCount() {
            return OptionalInt.of(savepoint.partitionCount());
        }
    }
}
