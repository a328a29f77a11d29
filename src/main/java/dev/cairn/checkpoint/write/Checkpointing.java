package dev.cairn.checkpoint.write;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.format.Origin;
import dev.cairn.checkpoint.local.LocalDirectory;
import dev.cairn.checkpoint.local.PartitionRestorer;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.state.RocksResources;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;

/**
 * What the partitions of a worker share for their checkpoints, and where each gets its own from. Thread-safe.
 *
 * @param owner the worker, and the job and the cluster that it works for
 * @param objects where checkpoints are kept
 * @param disk where local databases live
 * @param options how checkpoints are written
 * @param observer is told of every step
 * @param io runs uploads and downloads in parallel
 * @param baseTurns how many partitions make a base at the same time
 */
public record Checkpointing(
        Owner owner,
        ObjectStore objects,
        Disk disk,
        CheckpointOptions options,
        CheckpointObserver observer,
        Executor io,
        BaseTurns baseTurns) {

    /**
     * Who takes the checkpoints.
     *
     * @param job the job
     * @param instance this worker
     * @param version of Cairn
     * @param clusterId of the Kafka cluster; empty where it does not say
     */
    public record Owner(String job, String instance, String version, String clusterId) {}

    /**
     * Where local databases live.
     *
     * @param roots directories
     * @param recovery whether a local database may be used after a restart
     * @param resources what the databases share
     */
    public record Disk(List<Path> roots, boolean recovery, RocksResources resources) {}

    /** The job. */
    public String job() {
        return owner.job();
    }

    /** The id of the Kafka cluster; empty where it does not say. */
    public String clusterId() {
        return owner.clusterId();
    }

    /** The checkpoints of a partition. */
    public CheckpointStore store(int partition) {
        return new CheckpointStore(objects, job(), partition);
    }

    /**
     * Starts a partition from what a path points at: as one of its own checkpoints, if it is one, and else as a copy. One
     * that was taken on another cluster is not its own: the group there may name it, and what it consists of.
     *
     * @throws DamagedCheckpointException when an object it needs is missing or altered
     */
    public Restored begin(int partition, Snapshot snapshot, CheckpointStore.Listing listing, Progress progress) {
        CheckpointStore own = store(partition);
        CheckpointMetadata checkpoint = snapshot.checkpoint();
        boolean elsewhere = !snapshot.isIn(own) || checkpoint.isOfAnotherCluster(clusterId());
        return new PartitionRestorer(
                        checkpoint.job(),
                        checkpoint.partition(),
                        snapshot.store(),
                        local(partition),
                        disk.resources(),
                        disk.recovery() && snapshot.isIn(own),
                        io,
                        progress)
                .restore(checkpoint, listing)
                .begunFrom(snapshot, elsewhere, elsewhere ? listing.numbersAlone() : listing);
    }

    /** As {@link #begin}, from a checkpoint in the partition's directory that another cluster's job has taken. */
    public Restored beginFromCopy(CheckpointMetadata checkpoint, CheckpointStore.Listing listing, Progress progress) {
        CheckpointStore own = store(checkpoint.partition());
        Origin origin = new Origin(own.locationOf(checkpoint.number()), checkpoint.uid());
        return begin(checkpoint.partition(), new Snapshot(origin, own, checkpoint), listing, progress);
    }

    /** Brings a partition's local database to a checkpoint. */
    public PartitionRestorer restorer(int partition, Progress progress) {
        return new PartitionRestorer(
                job(), partition, store(partition), local(partition), disk.resources(), disk.recovery(), io, progress);
    }

    /**
     * Continues from what was restored.
     *
     * @param claim whose it is what the partition was started from
     * @param transactionalIds of the producers whose transactions commit the checkpoints
     */
    public PartitionCheckpoints resume(
            int partition, Restored restored, Optional<Claim> claim, List<String> transactionalIds) {
        CheckpointStore store = store(partition);
        CheckpointStore background = new CheckpointStore(objects.inBackground(), job(), partition);
        CheckpointMetadata.Writer writtenBy = new CheckpointMetadata.Writer(
                owner.instance(), owner.version(), transactionalIds, clusterId().isEmpty() ? null : clusterId());
        return new PartitionCheckpoints(
                partition,
                new PartitionBases(partition, local(partition), restored.database(), store, background, baseTurns),
                local(partition),
                restored,
                new CheckpointWriter(
                        store, local(partition), disk.resources(), options, writtenBy, restored.origins(), observer),
                new CheckpointJanitor(
                        partition,
                        store,
                        observer,
                        options.retained(),
                        restored.checkpoint(),
                        restored.listing(),
                        claim,
                        checkpoint -> checkpoint.isOfAnotherCluster(clusterId())),
                options,
                observer);
    }

    /**
     * A checkpoint of another partition of the job, to learn what the job's topics looked like.
     *
     * @return the newest readable one of the first partition that has any; one of this cluster, if there is any
     */
    public Optional<CheckpointMetadata> anySibling() {
        Optional<CheckpointMetadata> foreign = Optional.empty();
        for (int partition : CheckpointStore.partitions(objects, job())) {
            CheckpointStore store = store(partition);
            for (long number : store.list().numbers()) {
                try {
                    CheckpointMetadata found = store.read(number);
                    if (!found.isOfAnotherCluster(clusterId())) {
                        return Optional.of(found);
                    }
                    foreign = foreign.or(() -> Optional.of(found));
                } catch (DamagedCheckpointException | ObjectMissingException e) {
                    // Another one will do.
                }
            }
        }
        return foreign;
    }

    /**
     * Closes a database that is damaged, and removes it. Blocks for as long as that takes.
     *
     * @return a file of it that is not what RocksDB wrote, if there is one: then the disk is to blame, not what was restored
     */
    public Optional<String> discard(int partition, Restored damaged) {
        try {
            damaged.database().close();
            Optional<String> found = local(partition).findDamage();
            local(partition).clear();
            return found;
        } finally {
            damaged.hold().close();
        }
    }

    /** Where a partition lives on the local  */
    public LocalDirectory local(int partition) {
        return LocalDirectory.of(disk.roots(), job(), owner.instance(), partition);
    }
}
