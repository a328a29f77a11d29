package dev.cairn.checkpoint;

import java.util.Iterator;
import java.util.Optional;

import org.jboss.logging.Logger;

import dev.cairn.storage.ObjectMissingException;

/**
 * Which checkpoints of a partition are known to be committed, by what is in the store alone: see {@link
 * FoundCheckpoint.CommitProof}. A later number alone proves nothing.
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
        Iterator<FoundCheckpoint> checkpoints =
                FoundCheckpoint.newestFirst(store, listing).iterator();
        while (checkpoints.hasNext()) {
            FoundCheckpoint found = checkpoints.next();
            if (found instanceof FoundCheckpoint.Damaged damaged) {
                LOG.warnf("%s", damaged.cause());
            } else if (found instanceof FoundCheckpoint.Legible legible
                    && legible.isKnownCommitted()
                    && legible.number() < below) {
                return Optional.of(legible.metadata());
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
