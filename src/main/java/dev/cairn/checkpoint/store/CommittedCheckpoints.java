package dev.cairn.checkpoint.store;

import java.util.Iterator;
import java.util.Optional;
import java.util.function.Predicate;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.storage.ObjectMissingException;

/**
 * Which checkpoints of a partition are known to be committed, by what is in the store only: see {@link
 * FoundCheckpoint.CommitProof}. A later number proves nothing by itself.
 */
public final class CommittedCheckpoints {

    private static final Logger LOG = Logger.getLogger(CommittedCheckpoints.class);

    private CommittedCheckpoints() {}

    /**
     * The newest of them.
     *
     * @param below only among smaller numbers than this
     */
    public static Optional<CheckpointMetadata> newest(
            CheckpointStore store, CheckpointStore.Listing listing, long below) {
        return newest(store, listing, below, "");
    }

    /**
     * The newest of them that was taken on a Kafka cluster; only where there is none, the newest of all.
     *
     * @param below only among smaller numbers than this
     * @param clusterId of the cluster; empty where it is not known
     */
    public static Optional<CheckpointMetadata> newest(
            CheckpointStore store, CheckpointStore.Listing listing, long below, String clusterId) {
        Optional<CheckpointMetadata> foreign = Optional.empty();
        Iterator<FoundCheckpoint> checkpoints =
                FoundCheckpoints.newestFirst(store, listing).iterator();
        while (checkpoints.hasNext()) {
            FoundCheckpoint found = checkpoints.next();
            if (found instanceof FoundCheckpoint.Damaged damaged) {
                LOG.warnf("%s", damaged.cause());
            } else if (found instanceof FoundCheckpoint.Legible legible
                    && legible.isKnownCommitted()
                    && legible.number() < below) {
                if (!legible.metadata().isOfAnotherCluster(clusterId)) {
                    return Optional.of(legible.metadata());
                }
                foreign = foreign.or(() -> Optional.of(legible.metadata()));
            }
        }
        return foreign;
    }

    /**
     * The newest checkpoint above a number that can be read, was taken on this cluster, and fits: whether it was committed is
     * not known from the store.
     *
     * @param above only among larger numbers than this
     * @param clusterId of the cluster; empty where it is not known
     */
    public static Optional<CheckpointMetadata> newestUnproven(
            CheckpointStore store,
            CheckpointStore.Listing listing,
            long above,
            String clusterId,
            Predicate<CheckpointMetadata> fits) {
        for (long number : listing.numbers()) {
            if (number > above) {
                try {
                    CheckpointMetadata found = store.read(number);
                    if (!found.isOfAnotherCluster(clusterId) && fits.test(found)) {
                        return Optional.of(found);
                    }
                } catch (DamagedCheckpointException | ObjectMissingException e) {
                    LOG.debugf("%s", e.getMessage());
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Whether anything may have been committed. A first checkpoint is marked once it is, and any other one has a parent; a
     * first one without a mark was left behind by a worker that ended before its first commit, which is no reason to ask
     * a person.
     */
    public static boolean any(CheckpointStore store, CheckpointStore.Listing listing) {
        for (long number : listing.numbers()) {
            try {
                if (listing.isMarkedCommitted(number) || store.read(number).parent() != null) {
                    return true;
                }
            } catch (DamagedCheckpointException | ObjectMissingException e) {
                return true;
            }
        }
        return false;
    }
}
