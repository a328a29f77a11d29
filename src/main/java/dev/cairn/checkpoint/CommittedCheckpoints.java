package dev.cairn.checkpoint;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

import org.jboss.logging.Logger;

import dev.cairn.storage.ObjectMissingException;

/**
 * Which checkpoints of a partition are known to be committed, by what is in the store alone. A marker, or a later
 * checkpoint that names it as its parent, proves it; a later number alone does not.
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
        Set<CheckpointId> parents = new HashSet<>();
        for (long number : listing.numbers()) {
            CheckpointMetadata checkpoint;
            try {
                checkpoint = store.read(number);
            } catch (DamagedCheckpointException | ObjectMissingException e) {
                LOG.warnf("%s", e.getMessage());
                continue;
            }
            boolean known = listing.isMarkedCommitted(number) || parents.contains(checkpoint.id());
            if (known && number < below) {
                return Optional.of(checkpoint);
            }
            if (checkpoint.parent() != null) {
                parents.add(checkpoint.parent());
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
