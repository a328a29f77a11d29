package dev.cairn.checkpoint.write;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.store.CheckpointStore;

/**
 * Now and then, looks for objects that are not the owner's: of an owner before that was held in the middle of a checkpoint and
 * then continued, or of an upload that failed. The group accepts no commit of those any more. What one look does not know
 * may be in the making, and what the next one still does not know is not. What the partition passed over when it was
 * started stays. So does everything while checkpoints of another cluster are there, whose job may be writing others.
 */
final class StrangerSearch {

    private static final Logger LOG = Logger.getLogger(CheckpointJanitor.class);

    /** How many commits lie between two looks at the directory. */
    static final int COMMITS_BETWEEN_LOOKS = 100;

    private final int partition;
    private final CheckpointStore store;
    private final Set<String> passedOver;
    private final KnownCheckpoints known;

    /** Paths that the last look did not know. */
    private Set<String> strangers = Set.of();

    private int commitsUntilLook = 1 + ThreadLocalRandom.current().nextInt(COMMITS_BETWEEN_LOOKS);

    /** @param passedOver paths that the start left untouched */
    StrangerSearch(int partition, CheckpointStore store, Set<String> passedOver, KnownCheckpoints known) {
        this.partition = partition;
        this.store = store;
        this.passedOver = passedOver;
        this.known = known;
    }

    void lookAfter(int commits) {
        commitsUntilLook = commits;
    }

    /**
     * After a commit.
     *
     * @param condemned paths that go already
     * @return paths to condemn; checkpoints among what was found are known then
     */
    Set<String> look(PartitionCheckpoints checkpoints, Set<String> condemned) {
        if (--commitsUntilLook > 0) {
            return Set.of();
        }
        commitsUntilLook = COMMITS_BETWEEN_LOOKS;
        CheckpointStore.Listing now = store.list();
        PartitionCheckpoints.Holdings holdings = checkpoints.holdings();
        List<CheckpointMetadata> found = known.with(holdings);
        Set<Long> numbers = new HashSet<>(known.unreadable);
        found.forEach(checkpoint -> numbers.add(checkpoint.number()));
        if (areSparedIn(now, numbers)) {
            strangers = Set.of();
            return Set.of();
        }
        Set<String> unknown = new HashSet<>(now.paths());
        unknown.removeAll(passedOver);
        unknown.removeAll(condemned);
        unknown.removeAll(holdings.inUse());
        if (holdings.buildingBase()) {
            unknown.removeIf(CheckpointPaths::isPartOfBase);
        }
        found.forEach(checkpoint -> unknown.removeAll(known.objectsOf(checkpoint)));
        numbers.forEach(number -> KnownCheckpoints.namesOf(number).forEach(unknown::remove));
        Set<String> twice = new HashSet<>(unknown);
        twice.retainAll(strangers);
        unknown.removeAll(twice);
        strangers = unknown;
        if (!twice.isEmpty()) {
            LOG.infof(
                    "partition %s: deletes %s objects that no checkpoint of this worker or before it needs, written by an owner"
                            + " before it or by an upload that failed: %s",
                    partition, twice.size(), twice.iterator().next());
            now.numbers().stream()
                    .filter(number -> twice.remove(CheckpointPaths.metadataPath(number)))
                    .forEach(this::condemn);
        }
        return twice;
    }

    private void condemn(long number) {
        known.judged(number).ifPresent(found -> {
            if (found instanceof FoundCheckpoint.Legible legible) {
                known.garbage.put(number, legible.metadata());
            } else {
                known.unreadable.add(number);
            }
        });
    }

    /** Whether checkpoints are there that are spared, those included that are new. */
    private boolean areSparedIn(CheckpointStore.Listing now, Set<Long> numbers) {
        int before = known.spared.size();
        for (long number : now.numbers()) {
            if (!numbers.contains(number) && !passedOver.contains(CheckpointPaths.metadataPath(number))) {
                known.judged(number);
            }
        }
        if (known.spared.size() > before) {
            known.reportSpared();
        }
        return !known.spared.isEmpty();
    }
}
