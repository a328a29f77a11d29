package dev.cairn.worker.start;

import java.util.Optional;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.protocol.RestoreDecision;
import dev.cairn.checkpoint.store.CommittedCheckpoints;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.settings.Settings;
import dev.cairn.worker.start.StartedPartition.Retry;

/** Decides where a partition starts. Of checkpoints it reads only {@code _metadata}, and only of those that matter. */
record StartPlanner(Settings settings, Checkpointing checkpointing, StartPath startPath, InputsPlanner inputs) {

    private static final Logger LOG = Logger.getLogger(StartPlanner.class);

    /**
     * Decides.
     *
     * @throws UnfitException when there is no safe decision
     * @throws DamagedCheckpointException when the checkpoint that the group names cannot be read
     */
    StartPlan plan(StartFacts facts) {
        Optional<CheckpointId> pointer = facts.listing().named();
        Optional<Snapshot> snapshot =
                startPath.due(facts.partition(), facts.store(), facts.listing(), pointer, checkpointing.clusterId());
        if (snapshot.isPresent()) {
            facts.inputs().requireTopics();
            startPath.checkCounts(facts.inputs().topics());
            return inputs.begin(snapshot.get(), facts.inputs());
        }
        boolean hasCheckpoints = pointer.isPresent() || CommittedCheckpoints.any(facts.store(), facts.listing());
        RestoreDecision decision = RestoreDecision.decide(
                !facts.inputs().committed().isEmpty(),
                pointer,
                hasCheckpoints,
                settings.recovery().onReset());
        if (decision instanceof RestoreDecision.RestoreNamed named) {
            return inputs.restoreNamed(named(named.id(), facts), facts.inputs());
        }
        if (decision instanceof RestoreDecision.RestoreNewestCommitted newest) {
            return newestCommitted(newest.why(), facts);
        }
        if (decision instanceof RestoreDecision.Park park) {
            throw new UnfitException(park.cause());
        }
        facts.inputs().requireTopics();
        StartPlan plan = inputs.empty(checkpointing.anySibling(), facts.inputs(), hasCheckpoints);
        if (decision instanceof RestoreDecision.StartAtCommittedOffsets at) {
            LOG.infof("partition %s: empty state at the group's offsets: %s", facts.partition(), at.why());
        }
        return plan;
    }

    private static CheckpointMetadata named(CheckpointId id, StartFacts facts) {
        CheckpointMetadata checkpoint = facts.store().read(id.number());
        if (!checkpoint.uid().equals(id.uid())) {
            throw new DamagedCheckpointException(facts.store().location() + "/" + id
                    + " is not the checkpoint that the group names: its unique id is " + checkpoint.uid()
                    + " instead of " + id.uid());
        }
        return checkpoint;
    }

    private StartPlan newestCommitted(String why, StartFacts facts) {
        CheckpointMetadata checkpoint = newestCommitted(facts)
                .orElseThrow(() -> new UnfitException(
                        why + ", and none of the checkpoints in "
                                + facts.store().location()
                                + " is known to have been committed: move them away to start with empty state",
                        Retry.LATER));
        CommittedCheckpoints.newestUnproven(
                        facts.store(), facts.listing(), checkpoint.number(), checkpointing.clusterId(), any -> true)
                .ifPresent(newer -> inputs.passOver(newer.id(), facts.store().location(), checkpoint, facts.inputs()));
        StartPlan plan = inputs.restore(checkpoint, facts.inputs(), true);
        if (!(plan instanceof StartPlan.Empty)) {
            LOG.warnf(
                    "partition %s: %s; continuing from %s, the newest checkpoint known to be committed",
                    facts.partition(), why, checkpoint.id());
        }
        return plan;
    }

    /** By what is in the store, and by the local database: what that has ingested was committed. */
    private Optional<CheckpointMetadata> newestCommitted(StartFacts facts) {
        Optional<CheckpointMetadata> known =
                CommittedCheckpoints.newest(facts.store(), facts.listing(), Long.MAX_VALUE, checkpointing.clusterId());
        Optional<String> uid =
                checkpointing.restorer(facts.partition(), Progress.NONE).localUid();
        Optional<CheckpointMetadata> local = uid.flatMap(at -> CommittedCheckpoints.newestUnproven(
                facts.store(),
                facts.listing(),
                known.map(CheckpointMetadata::number).orElse(0L),
                checkpointing.clusterId(),
                found -> found.uid().equals(at)));
        local.ifPresent(found -> LOG.infof(
                "partition %s: the local database has ingested %s, so it was committed",
                facts.partition(), found.id()));
        return local.or(() -> known);
    }
}
