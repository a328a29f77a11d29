package dev.cairn.worker.loop;

/** What becomes of a loop's place in the group, and of its checkpoints, when it ends. */
public enum Ending {
    /** It will be back: its place is kept for it, and everything stays. */
    SUSPEND,
    /** It is not expected back: others may have its partitions at once. */
    LEAVE
}
