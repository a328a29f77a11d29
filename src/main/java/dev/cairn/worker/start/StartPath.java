package dev.cairn.worker.start;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.format.Origin;
import dev.cairn.checkpoint.format.SnapshotPath;
import dev.cairn.checkpoint.savepoint.SnapshotSources;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.CommittedCheckpoints;
import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.checkpoint.store.SnapshotSource;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.checkpoint.write.Claim;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.ClaimMode;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.status.StopWorkerException;

/**
 * The path that {@code execution.state-recovery.path} names. Each partition starts from it once: the checkpoints that follow
 * say so, and a restart with the same setting continues from them. Thread-safe.
 *
 * @param path as it is named; {@code null} where none is
 * @param again tells several starts from the same path apart; {@code null} for the first
 * @param source what is there; empty where it is gone
 * @param ownJob whether it is the directory of the job itself
 * @param claimMode whose it is afterwards
 * @param goneBecause why nothing is there any more
 * @param saidUsedBefore whether it was said that the path was used before
 */
public record StartPath(
        SnapshotPath path,
        String again,
        Optional<SnapshotSource> source,
        boolean ownJob,
        ClaimMode claimMode,
        String goneBecause,
        AtomicBoolean saidUsedBefore) {

    private static final Logger LOG = Logger.getLogger(StartPath.class);
    private static final String SETTING = SettingNames.RECOVERY_PATH;

    /** No path is named. */
    public static final StartPath NONE =
            new StartPath(null, null, Optional.empty(), false, ClaimMode.NO_CLAIM, "", new AtomicBoolean());

    /**
     * Looks at what is there.
     *
     * @param text as it is set
     * @param again tells several starts from the same path apart; {@code null} for the first
     * @param claimMode whose it is afterwards
     * @param stores opens the store that the path is in
     * @throws StopWorkerException when nothing is there to start from, and the job has not been there either
     */
    public static StartPath open(
            String text,
            String again,
            ClaimMode claimMode,
            Function<String, ObjectStore> stores,
            Checkpointing checkpointing) {
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
            Optional<SnapshotSource> source = Optional.of(SnapshotSources.open(path, objects));
            return new StartPath(path, again, source, ownJob, claimMode, "", new AtomicBoolean());
        } catch (IllegalArgumentException | DamagedCheckpointException | StorageException e) {
            if (hasBeenThere(path, again, checkpointing)) {
                LOG.infof(
                        "%s is gone; the job has been started from it before, and does not need it: %s",
                        path.canonical(), e.getMessage());
                return new StartPath(
                        path, again, Optional.empty(), false, claimMode, e.getMessage(), new AtomicBoolean());
            }
            throw new StopWorkerException(
                    SETTING + "=" + text + ": there is no savepoint, job or checkpoint to start from: " + Clause.of(e)
                            + ". Correct the path, or bring back what it names; cairn checkpoints list shows what a"
                            + " directory holds",
                    e);
        }
    }

    private static boolean hasBeenThere(SnapshotPath path, String again, Checkpointing checkpointing) {
        Optional<CheckpointMetadata> any = path.partition().isPresent()
                ? newest(checkpointing.store(path.partition().getAsInt()), Long.MAX_VALUE)
                : checkpointing.anySibling();
        return any.filter(checkpoint -> hasOrigin(checkpoint, path, again)).isPresent();
    }

    /** Whether there is something to start from, and the job has never been. */
    public boolean isNew(Checkpointing checkpointing) {
        return source.isPresent() && !hasBeenThere(path, again, checkpointing);
    }

    @Override
    public String toString() {
        return path == null ? "" : path.canonical();
    }

    /**
     * What a partition starts from, if it has not been started from there before.
     *
     * @param own the partition's checkpoints
     * @param pointer the checkpoint that the group names
     * @param clusterId of the group's cluster
     * @throws UnfitException when nothing is there any more, or a savepoint without this partition
     */
    Optional<Snapshot> due(
            int partition,
            CheckpointStore own,
            CheckpointStore.Listing listing,
            Optional<CheckpointId> pointer,
            String clusterId) {
        if (path == null || (ownJob && pointer.isPresent())) {
            return Optional.empty();
        }
        if (path.partition().isPresent() && path.partition().getAsInt() != partition) {
            return Optional.empty();
        }
        Optional<CheckpointMetadata> newest = newest(own, listing, pointer, clusterId);
        if (newest.filter(checkpoint -> hasOrigin(checkpoint, path, again)).isPresent()) {
            if (!saidUsedBefore.getAndSet(true)) {
                LOG.infof(
                        "%s=%s was used before and is ignored: the job continues from its own checkpoints. To start from it"
                                + " once more, set " + SettingNames.RECOVERY_AGAIN
                                + " (cairn run --again) to a text that was not used before",
                        SETTING,
                        this);
            }
            return Optional.empty();
        }
        if (source.isEmpty()) {
            throw new UnfitException(SETTING + "=" + this + " is gone (" + goneBecause
                    + "), but this partition has not been started from it. Bring it back, or remove the setting to start"
                    + " without");
        }
        Optional<Snapshot> snapshot = snapshot(partition);
        if (snapshot.isEmpty() && source.get().partitionCount().isPresent()) {
            throw new UnfitException(source.get().description() + " has no partition " + partition + ", only "
                    + source.get().partitionCount().getAsInt() + ". Rescale it: cairn savepoint rescale " + this
                    + " --partitions <n>");
        }
        String uid = snapshot.map(found -> found.origin().uid()).orElse("");
        boolean sameElsewhere = newest.stream()
                .flatMap(checkpoint -> checkpoint.origins().stream())
                .anyMatch(origin -> origin.uid().equals(uid) && isUsed(origin, again));
        return sameElsewhere ? Optional.empty() : snapshot;
    }

    private Optional<Snapshot> snapshot(int partition) {
        return source.orElseThrow()
                .of(partition)
                .map(found -> new Snapshot(found.origin().again(again), found.store(), found.checkpoint()));
    }

    /**
     * Whose it is what a partition starts from. Its own checkpoints are the job's, and are retired like others, apart from one
     * that the path names by its number and that is not claimed.
     */
    Optional<Claim> claim(Snapshot snapshot, CheckpointStore own) {
        boolean isOwn = snapshot.in(own).isPresent();
        if (claimMode == ClaimMode.CLAIM) {
            return isOwn ? Optional.empty() : Optional.of(new Claim.Owned(source.orElseThrow(), snapshot));
        }
        return isOwn && path.number().isPresent()
                ? Optional.of(new Claim.Borrowed(snapshot.checkpoint().number()))
                : Optional.empty();
    }

    /** The same for a partition that has been started from the path before. */
    Optional<Claim> claimOf(CheckpointMetadata checkpoint, CheckpointStore own) {
        if (source.isEmpty()
                || (claimMode == ClaimMode.NO_CLAIM && path.number().isEmpty())) {
            return Optional.empty();
        }
        return snapshot(checkpoint.partition())
                .filter(snapshot -> checkpoint.origins().contains(snapshot.origin()))
                .flatMap(snapshot -> claim(snapshot, own));
    }

    /** @throws UnfitException when the keys of a savepoint belong into other partitions than the topics have */
    void checkCounts(Map<String, InputTopic> inputs) {
        if (source.isEmpty() || source.get().partitionCount().isEmpty()) {
            return;
        }
        int built = source.get().partitionCount().getAsInt();
        inputs.forEach((topic, input) -> {
            int count = input.partitionCount();
            if (count != built) {
                throw new UnfitException("the topic " + topic + " has " + count + " partitions, but "
                        + source.get().description() + " is for " + built
                        + ": keys would be in other partitions than their state. Rescale it: cairn savepoint rescale "
                        + this + " --partitions " + count);
            }
        });
    }

    /** What the partition would continue from, without the path. */
    private static Optional<CheckpointMetadata> newest(
            CheckpointStore own, CheckpointStore.Listing listing, Optional<CheckpointId> pointer, String clusterId) {
        if (pointer.isPresent()) {
            return newest(own, listing, pointer.get().number());
        }
        return CommittedCheckpoints.newest(own, listing, Long.MAX_VALUE, clusterId);
    }

    /** The newest that can be read. */
    private static Optional<CheckpointMetadata> newest(CheckpointStore own, long upTo) {
        return newest(own, own.list(), upTo);
    }

    private static Optional<CheckpointMetadata> newest(
            CheckpointStore own, CheckpointStore.Listing listing, long upTo) {
        for (long number : listing.numbers()) {
            if (number <= upTo) {
                try {
                    return Optional.of(own.read(number));
                } catch (DamagedCheckpointException | ObjectMissingException e) {
                    LOG.debugf("%s", e.getMessage());
                }
            }
        }
        return Optional.empty();
    }

    /** Without such a text the path was used, with whichever text. */
    private static boolean isUsed(Origin origin, String again) {
        return again == null || again.equals(origin.again());
    }

    private static boolean hasOrigin(CheckpointMetadata checkpoint, SnapshotPath path, String again) {
        return checkpoint.origins().stream()
                .anyMatch(origin -> origin.path().equals(path.canonical()) && isUsed(origin, again));
    }
}
