package dev.cairn.settings;

import java.util.Optional;

import dev.cairn.checkpoint.RestoreDecision.OnReset;

/**
 * What to start from, and what to do when a partition cannot simply be restored. Immutable.
 *
 * @param path a savepoint, a job's directory or a checkpoint to start from, once
 * @param claimMode whose that is afterwards
 * @param ignoreUnclaimedState whether restored state that the processor does not declare is no reason to stop
 * @param onReset when somebody moved the group's committed offset away from its checkpoint
 * @param onDamage when the checkpoint that the group names is missing or damaged
 * @param onLostInput when the input was deleted below the position to go on from
 */
public record RecoverySettings(
        Optional<String> path,
        ClaimMode claimMode,
        boolean ignoreUnclaimedState,
        OnReset onReset,
        OnDamage onDamage,
        OnLostInput onLostInput) {}
