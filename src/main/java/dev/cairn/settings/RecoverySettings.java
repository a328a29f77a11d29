package dev.cairn.settings;

import java.util.Optional;

import dev.cairn.checkpoint.protocol.InputsDecision.OnOtherCluster;
import dev.cairn.checkpoint.protocol.InputsDecision.OnRecreatedInput;
import dev.cairn.checkpoint.protocol.RestoreDecision.OnReset;

/**
 * What to start from, and what to do when a partition cannot simply be restored. Immutable.
 *
 * @param path a savepoint, a job's directory or a checkpoint to start from, once
 * @param again tells several starts from the same path apart
 * @param claimMode whose that is afterwards
 * @param ignoreUnclaimedState whether restored state that the processor does not declare is no reason to stop
 * @param onReset when somebody moved the group's committed offset away from its checkpoint
 * @param onDamage when the checkpoint that the group names is missing or damaged
 * @param onLostInput when the input no longer has the position to continue from
 * @param onRecreatedInput when an input topic was deleted and created again
 * @param onOtherCluster when the checkpoint was taken on another Kafka cluster
 * @param onEndedJob when the job was stopped or cancelled, and not started again
 */
public record RecoverySettings(
        Optional<String> path,
        Optional<String> again,
        ClaimMode claimMode,
        boolean ignoreUnclaimedState,
        OnReset onReset,
        OnDamage onDamage,
        OnLostInput onLostInput,
        OnRecreatedInput onRecreatedInput,
        OnOtherCluster onOtherCluster,
        OnEndedJob onEndedJob) {}
