package dev.cairn.worker.start;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.checkpoint.write.Claim;

/** Carries out where a partition starts: brings its local database there. */
final class StartExecutor {

    private final Checkpointing checkpointing;
    private final StartPath startPath;

    /** Checkpoints that were restored whole and could not be read, by their unique ids. */
    private final Map<String, String> distrusted = new ConcurrentHashMap<>();

    StartExecutor(Checkpointing checkpointing, StartPath startPath) {
        this.checkpointing = checkpointing;
        this.startPath = startPath;
    }

    /** Lets a checkpoint count as damaged from now on, whatever its files say. From any thread. */
    void distrust(CheckpointId checkpoint, String cause) {
        distrusted.put(checkpoint.uid(), cause);
    }

    private CheckpointMetadata trusted(CheckpointMetadata checkpoint) {
        String cause = distrusted.get(checkpoint.uid());
        if (cause != null) {
            throw new DamagedCheckpointException(cause);
        }
        return checkpoint;
    }

    /** @throws DamagedCheckpointException when an object that it needs is missing or altered */
    StartedPartition.Ready execute(StartPlan plan, StartFacts facts, Progress progress) {
        int partition = facts.partition();
        CheckpointStore.Listing listing = facts.listing();
        Restored restored;
        Optional<Claim> claim = Optional.empty();
        // Where a job began must not move when it fails before its first checkpoint.
        boolean uncommitted = true;
        if (plan instanceof StartPlan.Restore restore) {
            restored = checkpointing.restorer(partition, progress).restore(trusted(restore.checkpoint()), listing);
            claim = startPath.claimOf(restore.checkpoint(), facts.store());
            uncommitted = restore.uncommitted();
        } else if (plan instanceof StartPlan.Copy copy) {
            restored = checkpointing.beginFromCopy(copy.checkpoint(), listing, progress);
        } else if (plan instanceof StartPlan.Begin begin) {
            trusted(begin.snapshot().checkpoint());
            restored = checkpointing.begin(partition, begin.snapshot(), listing, progress);
            claim = startPath.claim(begin.snapshot(), facts.store());
        } else {
            boolean passingOver = ((StartPlan.Empty) plan).passingOver();
            restored = checkpointing
                    .restorer(partition, Progress.NONE)
                    .empty(passingOver ? listing.numbersAlone() : listing);
        }
        return new StartedPartition.Ready(
                restored, plan.positions(), facts.inputs().topics(), claim, uncommitted);
    }
}
