package dev.cairn.settings;

/**
 * What to do when a partition cannot simply be restored. Immutable.
 *
 * @param onReset when somebody moved the group's committed offset away from its checkpoint
 * @param onDamage when the checkpoint that the group names is missing or damaged
 */
public record RecoverySettings(OnReset onReset, OnDamage onDamage) {}
