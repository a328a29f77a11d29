package dev.cairn.settings;

/** What to do when the input was deleted below the position that a partition would continue from. */
public enum OnLostInput {
    /** The partition waits for a decision; the others keep running. */
    PARK,
    /** The partition continues, with its state, at the first record that is still there. */
    SKIP
}
