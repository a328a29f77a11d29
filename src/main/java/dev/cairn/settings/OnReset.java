package dev.cairn.settings;

/** What to do when a partition's committed offset names no checkpoint although storage has some. */
public enum OnReset {
    /** The partition waits for somebody to decide; the others keep running. */
    PARK,
    /** The newest committed checkpoint is restored, and its positions replace the committed offset. */
    USE_CHECKPOINT,
    /** The state starts empty, at the committed offset. */
    FRESH_STATE
}
