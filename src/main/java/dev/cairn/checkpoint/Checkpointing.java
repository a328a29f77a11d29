package dev.cairn.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

import dev.cairn.state.RocksResources;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;

/**
 * What the partitions of a worker share for their checkpoints, and where each gets its own from. Thread-safe.
 *
 * @param job the job
 * @param instance this worker
 * @param version of Cairn
 * @param objects where checkpoints are kept
 * @param roots where local databases live
 * @param localRecovery whether a local database may be used after a restart
 * @param resources what the databases share
 * @param options how checkpoints are written
 * @param observer is told of every step
 * @param io runs uploads and downloads beside each other
 */
public record Checkpointing(
        String job,
        String instance,
        String version,
        ObjectStore objects,
        List<Path> roots,
        boolean localRecovery,
        RocksResources resources,
        CheckpointOptions options,
        CheckpointObserver observer,
        Executor io) {

    /** The checkpoints of a partition. */
    public CheckpointStore store(int partition) {
        return new CheckpointStore(objects, job, partition);
    }

    /**
     * Starts a partition from what a path points at: as one of its own checkpoints, if it is one, and else as a copy.
     *
     * @throws DamagedCheckpointException when an object it needs is missing or altered
     */
    public Restored begin(int partition, Snapshot snapshot, CheckpointStore.Listing listing, Progress progress) {
        CheckpointStore own = store(partition);
        CheckpointMetadata checkpoint = snapshot.checkpoint();
        boolean elsewhere = !snapshot.isIn(own);
        return new PartitionRestorer(
                        checkpoint.job(),
                        checkpoint.partition(),
                        snapshot.store(),
                        local(partition),
                        resources,
                        localRecovery && !elsewhere,
                        io,
                        progress)
                .restore(checkpoint, listing)
                .begunFrom(snapshot, own, elsewhere ? listing.numbersAlone() : listing);
    }

    /** Brings a partition's local database to a checkpoint. */
    public PartitionRestorer restorer(int partition, Progress progress) {
        return new PartitionRestorer(
                job, partition, store(partition), local(partition), resources, localRecovery, io, progress);
    }

    /**
     * Goes on from what was restored.
     *
     * @param claim what the job owns of where the partition was started from
     * @param transactionalIds of the producers whose transactions commit the checkpoints
     */
    public PartitionCheckpoints resume(
            int partition, Restored restored, Optional<Claim> claim, List<String> transactionalIds) {
        CheckpointStore store = store(partition);
        CheckpointMetadata.Writer writtenBy = new CheckpointMetadata.Writer(instance, version, transactionalIds);
        return new PartitionCheckpoints(
                partition,
                store,
                local(partition),
                restored,
                new CheckpointWriter(
                        job,
                        partition,
                        store,
                        local(partition),
                        resources,
                        options,
                        writtenBy,
                        restored.origins(),
                        observer),
                new CheckpointJanitor(
                        partition,
                        store,
                        observer,
                        options.retained(),
                        restored.checkpoint(),
                        restored.listing(),
                        claim),
                options,
                observer);
    }

    /**
     * A checkpoint of another partition of the job, to learn what the job's topics looked like.
     *
     * @return the newest readable one of the first partition that has any
     */
    public Optional<CheckpointMetadata> anySibling() {
        for (int partition : CheckpointStore.partitions(objects, job)) {
            CheckpointStore store = store(partition);
            for (long number : store.list().numbers()) {
                try {
                    return Optional.of(store.read(number));
                } catch (DamagedCheckpointException | ObjectMissingException e) {
                    // Another one will do.
                }
            }
        }
        return Optional.empty();
    }

    /** Where a partition lives on the local disk. */
    public LocalDirectory local(int partition) {
        return LocalDirectory.of(roots, job, instance, partition);
    }
}
