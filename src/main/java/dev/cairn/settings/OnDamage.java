package dev.cairn.settings;

/** What to do when the checkpoint that a partition's committed offset names is missing or damaged. */
public enum OnDamage {
    /** The partition waits for a decision; the others keep running. */
    PARK,
    /** The newest older checkpoint that is whole is restored; what came after it is processed again. */
    USE_OLDER
}
