package dev.cairn.worker;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.CheckpointId;
import dev.cairn.checkpoint.CheckpointMetadata;
import dev.cairn.checkpoint.CheckpointStore;
import dev.cairn.checkpoint.Checkpointing;
import dev.cairn.checkpoint.Claim;
import dev.cairn.checkpoint.CommittedCheckpoints;
import dev.cairn.checkpoint.DamagedCheckpointException;
import dev.cairn.checkpoint.Snapshot;
import dev.cairn.checkpoint.SnapshotPath;
import dev.cairn.checkpoint.SnapshotSource;
import dev.cairn.checkpoint.SnapshotSources;
import dev.cairn.settings.ClaimMode;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StorageException;

/**
 * The path that {@code execution.state-recovery.path} names. Each partition starts from it once: the checkpoints that follow
 * say so, and a restart with the same setting goes on from them. Thread-safe.
 */
final class StartPath {

    private static final Logger LOG = Logger.getLogger(StartPath.class);
    private static final String SETTING = "execution.state-recovery.path";

    /** No path is named. */
    static final StartPath NONE =
            new StartPath("", OptionalInt.empty(), Optional.empty(), false, ClaimMode.NO_CLAIM, "");

    private final String path;
    private final OptionalInt only;
    private final Optional<SnapshotSource> source;
    private final boolean ownJob;
    private final ClaimMode claimMode;
    private final String goneBecause;

    private StartPath(
            String path,
            OptionalInt only,
            Optional<SnapshotSource> source,
            boolean ownJob,
            ClaimMode claimMode,
            String goneBecause) {
        this.path = path;
        this.only = only;
        this.source = source;
        this.ownJob = ownJob;
        this.claimMode = claimMode;
        this.goneBecause = goneBecause;
    }

    /**
     * Looks at what is there.
     *
     * @param text as it is set
     * @param claimMode whose it is afterwards
     * @param stores opens the store that the path is in
     * @throws StopWorkerException when nothing is there to start from, and the job has not been there either
     */
    static StartPath open(
            String text, ClaimMode claimMode, Function<String, ObjectStore> stores, Checkpointing checkpointing) {
        SnapshotPath path;
        try {
            path = SnapshotPath.of(text);
        } catch (IllegalArgumentException e) {
            throw new StopWorkerException(SETTING + "=" + text + ": " + e.getMessage(), e);
        }
        try {
            ObjectStore objects = stores.apply(path.directory());
            boolean ownJob = path.partition().isEmpty()
                    && path.name().equals(checkpointing.job())
                    && objects.location().equals(checkpointing.objects().location());
            return new StartPath(
                    path.canonical(),
                    path.partition(),
                    Optional.of(SnapshotSources.open(path, objects)),
                    ownJob,
                    claimMode,
                    "");
        } catch (IllegalArgumentException | DamagedCheckpointException | StorageException e) {
            if (hasBeenThere(path.canonical(), checkpointing)) {
                LOG.infof(
                        "%s is gone; the job has been started from it before, and does without: %s",
                        path.canonical(), e.getMessage());
                return new StartPath(
                        path.canonical(), path.partition(), Optional.empty(), false, claimMode, e.getMessage());
            }
            throw new StopWorkerException(
                    SETTING + "=" + text + ": there is no savepoint, job or checkpoint to start from: " + e.getMessage()
                            + ". Correct the path, or bring back what it names; cairn checkpoints list shows what a"
                            + " directory holds",
                    e);
        }
    }

    private static boolean hasBeenThere(String path, Checkpointing checkpointing) {
        return checkpointing
                .anySibling()
                .filter(sibling -> hasOrigin(sibling, path))
                .isPresent();
    }

    /** Whether there is something to start from, and the job has never been. */
    boolean isNew(Checkpointing checkpointing) {
        return source.isPresent() && !hasBeenThere(path, checkpointing);
    }

    @Override
    public String toString() {
        return path;
    }

    /**
     * What a partition starts from, if it has not been started from there before.
     *
     * @param own the partition's checkpoints
     * @param pointer the checkpoint that the group names
     * @throws UnfitException when nothing is there any more, or a savepoint without this partition
     */
    Optional<Snapshot> due(
            int partition, CheckpointStore own, CheckpointStore.Listing listing, Optional<CheckpointId> pointer) {
        boolean another = only.isPresent() && only.getAsInt() != partition;
        if (path.isEmpty() || another || (ownJob && pointer.isPresent())) {
            return Optional.empty();
        }
        Optional<CheckpointMetadata> newest = newest(own, listing, pointer);
        if (newest.filter(checkpoint -> hasOrigin(checkpoint, path)).isPresent()) {
            LOG.infof("partition %d: has been started from %s before, and goes on from there", partition, path);
            return Optional.empty();
        }
        if (source.isEmpty()) {
            throw new UnfitException(SETTING + "=" + path + " is gone (" + goneBecause
                    + "), but this partition has not been started from it. Bring it back, or remove the setting to start"
                    + " without");
        }
        Optional<Snapshot> snapshot = source.get().of(partition);
        if (snapshot.isEmpty() && source.get().partitionCount().isPresent()) {
            throw new UnfitException(source.get().description() + " has no partition " + partition + ", only "
                    + source.get().partitionCount().getAsInt() + ". Rescale it: cairn savepoint rescale " + path
                    + " --partitions <n>");
        }
        String uid = snapshot.map(found -> found.origin().uid()).orElse("");
        boolean sameElsewhere = newest.stream()
                .flatMap(checkpoint -> checkpoint.origins().stream())
                .anyMatch(origin -> origin.uid().equals(uid));
        return sameElsewhere ? Optional.empty() : snapshot;
    }

    /** What the job owns of what a partition starts from; nothing of its own checkpoints, which it retires anyway. */
    Optional<Claim> claim(Snapshot snapshot, CheckpointStore own) {
        return claimMode == ClaimMode.CLAIM && snapshot.in(own).isEmpty()
                ? Optional.of(new Claim(source.orElseThrow(), snapshot))
                : Optional.empty();
    }

    /** What is left to do of a claim, by a partition that has been started from the path before. */
    Optional<Claim> claimOf(CheckpointMetadata checkpoint, CheckpointStore own) {
        if (claimMode == ClaimMode.NO_CLAIM || source.isEmpty()) {
            return Optional.empty();
        }
        return source.get()
                .of(checkpoint.partition())
                .filter(snapshot -> checkpoint.origins().contains(snapshot.origin()))
                .flatMap(snapshot -> claim(snapshot, own));
    }

    /** @throws UnfitException when the keys of a savepoint belong into other partitions than the topics have */
    void checkCounts(Map<String, Integer> counts) {
        if (source.isEmpty() || source.get().partitionCount().isEmpty()) {
            return;
        }
        int built = source.get().partitionCount().getAsInt();
        counts.forEach((topic, count) -> {
            if (count != built) {
                throw new UnfitException("the topic " + topic + " has " + count + " partitions, but "
                        + source.get().description() + " is for " + built
                        + ": keys would be in other partitions than their state. Rescale it: cairn savepoint rescale "
                        + path + " --partitions " + count);
            }
        });
    }

    /** What the partition would go on from, without the path. */
    private static Optional<CheckpointMetadata> newest(
            CheckpointStore own, CheckpointStore.Listing listing, Optional<CheckpointId> pointer) {
        if (pointer.isPresent()) {
            for (long number : listing.numbers()) {
                if (number <= pointer.get().number()) {
                    try {
                        return Optional.of(own.read(number));
                    } catch (DamagedCheckpointException | ObjectMissingException e) {
                        LOG.debugf("%s", e.getMessage());
                    }
                }
            }
            return Optional.empty();
        }
        return CommittedCheckpoints.newest(own, listing, Long.MAX_VALUE);
    }

    private static boolean hasOrigin(CheckpointMetadata checkpoint, String path) {
        return checkpoint.origins().stream().anyMatch(origin -> origin.path().equals(path));
    }
}
