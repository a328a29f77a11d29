package dev.cairn.worker.record;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Counts what became of records that failed. On the loop's thread. */
public interface RecordCounts {

    /**
     * A record has failed; what becomes of it follows.
     *
     * @param stage where it failed, as a dead letter names it
     */
    default void failed(ConsumerRecord<byte[], byte[]> record, String stage, Exception error) {}

    /** A record is tried again. Counts at once. */
    void retried();

    /** A record was left out. Counts once a checkpoint holds it. */
    void skipped();

    /** A record was put aside. Counts once a checkpoint holds it. */
    void deadLetter();
}
