package dev.cairn.worker.record;

/** Counts what became of records that failed. On the loop's thread. */
public interface RecordCounts {

    /** A record is tried again. Counts at once. */
    void retried();

    /** A record was left out. Counts once a checkpoint holds it. */
    void skipped();

    /** A record was put aside. Counts once a checkpoint holds it. */
    void deadLetter();
}
