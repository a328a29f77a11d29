package dev.cairn.checkpoint.protocol;

/** Whether an object of a partition is needed. */
public enum ObjectClass {
    /** A checkpoint that is kept needs it. */
    REFERENCED,
    /** It may be needed: what it belongs to may be being written, or may be committed without anything that proves it. */
    IN_FLIGHT,
    /** Nothing needs it any more. */
    ORPHAN
}
