package dev.cairn.worker;

/** Which state a read sees. */
public enum Consistency {
    /** What the last committed checkpoint holds: it never goes backwards. */
    COMMITTED,
    /** What has been processed so far: a roll back takes away what is not committed. */
    LIVE
}
