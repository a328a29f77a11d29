package dev.cairn.worker.start;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.protocol.InputsDecision;
import dev.cairn.checkpoint.protocol.InputsDecision.OnRecreatedInput;
import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.RecoverySettings;

/** Decides how a partition continues from a checkpoint, or without one, with the inputs that are there now. */
record InputsPlanner(RecoverySettings recovery, String clusterId, InputPositions positions) {

    private static final Logger LOG = Logger.getLogger(InputsPlanner.class);

    /**
     * From a checkpoint of the partition.
     *
     * @param uncommitted whether the group does not name it
     * @throws UnfitException when it does not fit
     */
    StartPlan restore(CheckpointMetadata checkpoint, InputFacts facts, boolean uncommitted) {
        InputsDecision decision = decide(checkpoint, facts);
        Map<String, Long> offsets = positions.recordedBy(checkpoint, facts, readAgain(decision));
        if (decision instanceof InputsDecision.StartEmpty empty) {
            note(checkpoint, empty.why() + "; starts with empty state", offsets);
            return new StartPlan.Empty(offsets, true);
        }
        if (decision instanceof InputsDecision.ContinueFromCopy copy) {
            note(checkpoint, copy.why() + "; continues from a copy", offsets);
            return new StartPlan.Copy(checkpoint, offsets);
        }
        if (decision instanceof InputsDecision.ReadAgain again) {
            note(checkpoint, again.why() + "; continues with its state", offsets);
            uncommitted = true;
        }
        // A topic that was added, a loss that was accepted, and the ids of topics must be on record.
        boolean news = !offsets.equals(InputPositions.recorded(checkpoint)) || !checkpoint.namesTopicIds();
        return new StartPlan.Restore(checkpoint, offsets, uncommitted || news);
    }

    private static void note(CheckpointMetadata checkpoint, String how, Map<String, Long> offsets) {
        LOG.warnf("partition %s: %s at %s on purpose", checkpoint.partition(), how, offsets);
    }

    /**
     * As {@link #restore}, from the checkpoint that the group names.
     *
     * @throws UnfitException also when the committed offsets are not those of the checkpoint
     */
    StartPlan restoreNamed(CheckpointMetadata checkpoint, InputFacts facts) {
        positions.checkCommitted(checkpoint, facts.committed());
        return restore(checkpoint, facts, false);
    }

    /** From what a path names. @throws UnfitException when it does not fit */
    StartPlan begin(Snapshot snapshot, InputFacts facts) {
        InputsDecision decision = decide(snapshot.checkpoint(), facts);
        Set<String> again = readAgain(decision);
        if (decision instanceof InputsDecision.StartEmpty) {
            throw new UnfitException(SettingNames.RECOVERY_PATH + " names a state, and"
                    + " " + SettingNames.ON_RECREATED_INPUT + "=fresh-state drops it: the input "
                    + String.join(", ", again)
                    + " was created again since it was taken. Set keep-state, or start"
                    + " without the path");
        }
        return new StartPlan.Begin(snapshot, positions.recordedBy(snapshot.checkpoint(), facts, again));
    }

    /**
     * Without a checkpoint. A partition that has none may be one that was added: then its keys' state is elsewhere.
     *
     * @param sibling a checkpoint of another partition
     * @param passingOver whether checkpoints are left untouched that are there
     * @throws UnfitException when the inputs are not those of the sibling
     */
    StartPlan empty(Optional<CheckpointMetadata> sibling, InputFacts facts, boolean passingOver) {
        Set<String> again =
                sibling.map(found -> readAgain(decide(found, facts))).orElse(Set.of());
        return new StartPlan.Empty(positions.withoutCheckpoint(facts, again), passingOver);
    }

    /**
     * What came after a checkpoint can be processed again as long as the input has it. Where it has not, a newer checkpoint
     * that may have been committed is not passed over without a word: its results are in the output, if it was.
     *
     * @param newer may have been committed
     * @param location of the partition's checkpoints
     * @throws UnfitException when a person has to decide
     */
    void passOver(CheckpointId newer, String location, CheckpointMetadata checkpoint, InputFacts facts) {
        if (!(decide(checkpoint, facts, OnRecreatedInput.KEEP_STATE) instanceof InputsDecision.ReadAgain again)) {
            return;
        }
        String instead = newer + " is newer, and may have been committed: its results are in the output, if it"
                + " was. To continue from it, create the empty object " + location + "/" + newer
                + "/_committed, and set " + SettingNames.ON_RECREATED_INPUT + "=keep-state";
        if (recovery.onRecreatedInput() == OnRecreatedInput.PARK) {
            throw new UnfitException(again.why() + ", so what came after it cannot be processed again. " + instead
                    + ". To pass it over, set " + SettingNames.ON_RECREATED_INPUT
                    + "=keep-state only, or =fresh-state to"
                    + " start with empty state");
        }
        LOG.warnf("partition %s: %s is passed over on purpose. %s", checkpoint.partition(), newer, instead);
    }

    /** @throws UnfitException when the checkpoint does not fit */
    private InputsDecision decide(CheckpointMetadata checkpoint, InputFacts facts) {
        InputsDecision decision = decide(checkpoint, facts, recovery.onRecreatedInput());
        if (decision instanceof InputsDecision.Park park) {
            throw new UnfitException(park.cause());
        }
        boolean withoutState = decision instanceof InputsDecision.StartEmpty;
        PartitionCounts.check(checkpoint, facts.topics(), withoutState ? readAgain(decision) : Set.of());
        return decision;
    }

    private InputsDecision decide(CheckpointMetadata checkpoint, InputFacts facts, OnRecreatedInput onRecreatedInput) {
        facts.requireTopics();
        return InputsDecision.decide(
                checkpoint, clusterId, facts.topicIds(), onRecreatedInput, recovery.onOtherCluster());
    }

    /** Topics to read from their beginning. */
    private static Set<String> readAgain(InputsDecision decision) {
        return decision instanceof InputsDecision.StartEmpty empty
                ? empty.topics()
                : decision instanceof InputsDecision.ReadAgain again ? again.topics() : Set.of();
    }
}
