package dev.cairn.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jboss.logging.Logger;

import dev.cairn.storage.ObjectMissingException;

/**
 * Deletes what a partition's retained checkpoints no longer need, metadata first, and never without a lease. Beside the
 * loop, on one thread at a time.
 */
final class CheckpointJanitor {

    private static final Logger LOG = Logger.getLogger(CheckpointJanitor.class);

    private final int partition;
    private final CheckpointStore store;
    private final CheckpointObserver observer;
    private final int retained;
    private final Optional<CheckpointMetadata> restored;
    private final CheckpointStore.Listing listing;
    private final Map<String, Set<String>> baseFiles = new HashMap<>();
    private Set<String> leftovers;
    private Optional<Claim> claim;

    /**
     * @param retained how many known checkpoints are kept
     * @param restored what the partition went on from
     * @param listing what the store held then
     * @param claim what is to be deleted elsewhere once there is a checkpoint of its own
     */
    CheckpointJanitor(
            int partition,
            CheckpointStore store,
            CheckpointObserver observer,
            int retained,
            Optional<CheckpointMetadata> restored,
            CheckpointStore.Listing listing,
            Optional<Claim> claim) {
        this.partition = partition;
        this.store = store;
        this.observer = observer;
        this.retained = retained;
        this.restored = restored;
        this.listing = listing;
        this.claim = claim;
    }

    /** Marks the newest checkpoint as committed, for the case that no later one will name it as its parent. */
    void markNewest(PartitionCheckpoints checkpoints) {
        Optional<CheckpointMetadata> newest = checkpoints.committed();
        if (newest.isPresent() && !checkpoints.holdings().newestIsMarked()) {
            store.markCommitted(newest.get().number());
            checkpoints.marked(newest.get());
        }
    }

    /** Deletes what can go, as long as the lease holds; what is left goes the next time. */
    void tidy(PartitionCheckpoints checkpoints, Lease lease) {
        if (checkpoints.committed().filter(newest -> newest.parent() == null).isPresent()) {
            // Else the first one would look like that of a job which died before it committed any.
            markNewest(checkpoints);
        }
        if (claim.isPresent() && checkpoints.committed().isPresent() && lease.holds()) {
            claim.get().settle();
            claim = Optional.empty();
        }
        if (leftovers == null) {
            takeStock(checkpoints);
        }
        PartitionCheckpoints.Holdings holdings = checkpoints.holdings();
        List<Retention.Retained> committed = withPaths(holdings.committed());
        List<Retention.Retained> kept = Retention.keep(committed, retained, holdings.newestIsMarked());
        List<CheckpointMetadata> gone = new ArrayList<>(
                holdings.committed().subList(kept.size(), holdings.committed().size()));
        gone.addAll(holdings.abandoned());
        List<Retention.Retained> alive = new ArrayList<>(kept);
        alive.addAll(withPaths(holdings.alive()));
        List<String> deletions = Retention.metadataFirst(leftovers);
        deletions.addAll(Retention.deletions(withPaths(gone), alive, holdings.inUse()));
        for (String path : deletions) {
            if (!lease.holds() || checkpoints.isClosed()) {
                return;
            }
            store.delete(path);
            leftovers.remove(path);
            observer.reached(
                    CheckpointStep.OBJECT_DELETED,
                    partition,
                    kept.isEmpty() ? 0 : kept.get(0).number());
        }
        checkpoints.forget(gone);
    }

    /** Deletes all that the store holds of the partition, as long as the lease holds. */
    void deleteAll(Lease lease) {
        List<String> deletions = Retention.metadataFirst(store.list().paths());
        for (String path : deletions) {
            if (!lease.holds()) {
                return;
            }
            store.delete(path);
        }
        LOG.infof("partition %d: all %d objects of its checkpoints are deleted", partition, deletions.size());
    }

    /**
     * Sorts what the store held when the partition was restored: the line of parents is known to be committed, everything
     * else was left behind by a checkpoint that failed.
     */
    private void takeStock(PartitionCheckpoints checkpoints) {
        leftovers = new HashSet<>(listing.paths());
        List<CheckpointMetadata> known = new ArrayList<>();
        if (restored.isPresent()) {
            known.addAll(parentsOf(restored.get()));
            checkpoints.remember(known);
            known.add(restored.get());
        }
        for (Retention.Retained checkpoint : withPaths(known)) {
            leftovers.removeAll(checkpoint.paths());
            leftovers.remove(CheckpointStore.metadataPath(checkpoint.number()));
            leftovers.remove(CheckpointStore.markerPath(checkpoint.number()));
        }
        if (!leftovers.isEmpty()) {
            LOG.infof(
                    "partition %d: %d objects of checkpoints that were never committed will go",
                    partition, leftovers.size());
        }
    }

    private List<CheckpointMetadata> parentsOf(CheckpointMetadata checkpoint) {
        List<CheckpointMetadata> line = new ArrayList<>();
        CheckpointId parent = checkpoint.parent();
        while (parent != null && listing.numbers().contains(parent.number())) {
            try {
                CheckpointMetadata found = store.read(parent.number());
                if (!found.uid().equals(parent.uid())) {
                    break;
                }
                line.add(found);
                parent = found.parent();
            } catch (ObjectMissingException | DamagedCheckpointException e) {
                LOG.warnf(
                        "partition %d: %s cannot serve as a retained checkpoint: %s",
                        partition, parent, e.getMessage());
                break;
            }
        }
        return line;
    }

    private List<Retention.Retained> withPaths(List<CheckpointMetadata> checkpoints) {
        List<Retention.Retained> all = new ArrayList<>();
        for (CheckpointMetadata checkpoint : checkpoints) {
            Set<String> paths = new HashSet<>();
            checkpoint.objects().forEach(object -> paths.add(object.path()));
            if (checkpoint.base() != null) {
                paths.addAll(baseFiles.computeIfAbsent(
                        checkpoint.base().description().path(), path -> filesOf(checkpoint.base())));
            }
            all.add(new Retention.Retained(checkpoint.number(), paths));
        }
        return all;
    }

    /** The files of a base; one whose description is gone or damaged needs none any more. */
    private Set<String> filesOf(Base base) {
        try {
            Set<String> paths = new HashSet<>();
            store.readBase(base).files().forEach(file -> paths.add(file.object().path()));
            return paths;
        } catch (DamagedCheckpointException e) {
            return Set.of();
        }
    }
}
