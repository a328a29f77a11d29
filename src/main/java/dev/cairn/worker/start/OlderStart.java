package dev.cairn.worker.start;

import java.util.Optional;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.store.CommittedCheckpoints;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.OnDamage;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.worker.start.StartedPartition.Parked;

/** Starts a partition whose checkpoint is damaged from an older one, or parks it, as the settings say. */
record OlderStart(OnDamage onDamage, String clusterId, InputsPlanner inputs, StartExecutor executor) {

    private static final Logger LOG = Logger.getLogger(OlderStart.class);

    /** @param why what is damaged */
    StartedPartition start(StartFacts facts, RuntimeException why, Progress progress) {
        Optional<CheckpointMetadata> newest = facts.listing()
                .named()
                .flatMap(id -> CommittedCheckpoints.newest(facts.store(), facts.listing(), id.number(), clusterId));
        if (newest.isEmpty()) {
            return Parked.untilMended(Clause.of(why)
                    + ". Restore the object: there is no older checkpoint that is known to be committed");
        }
        CheckpointMetadata older = newest.get();
        if (onDamage == OnDamage.PARK) {
            return Parked.untilMended(Clause.of(why)
                    + ". Restore the object, or continue from the newest older checkpoint, processing"
                    + " again what came after it: cairn run -s " + facts.store().location() + "/" + older.id()
                    + " (and of any partition that is damaged: " + SettingNames.ON_DAMAGE + "=use-older)");
        }
        LOG.warnf(
                "partition %s: %s; continuing from %s on purpose: what came after it is processed again",
                facts.partition(), why.getMessage(), older.id());
        try {
            return executor.execute(inputs.restore(older, facts.inputs(), true), facts, progress);
        } catch (DamagedCheckpointException | ObjectMissingException e) {
            return Parked.untilMended(why.getMessage() + "; " + older.id() + " is no better: " + e.getMessage());
        } catch (UnfitException e) {
            return e.parked();
        }
    }
}
