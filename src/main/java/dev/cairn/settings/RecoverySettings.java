package dev.cairn.settings;

import dev.cairn.checkpoint.RestoreDecision.OnReset;

/**
 * What to do when a partition cannot simply be restored. Immutable.
 *
 * @param onReset when somebody moved the group's committed offset away from its checkpoint
 * @param onDamage when the checkpoint that the group names is missing or damaged
 * @param onLostInput when the input was deleted below the position to go on from
 */
public record RecoverySettings(OnReset onReset, OnDamage onDamage, OnLostInput onLostInput) {}
