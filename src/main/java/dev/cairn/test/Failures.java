package dev.cairn.test;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import dev.cairn.worker.record.RecordCounts;

/** The records that failed, committed or not. */
final class Failures implements RecordCounts {

    private final List<FailedRecord> failed = new ArrayList<>();
    private int committed;
    private int attempts;

    List<FailedRecord> all() {
        return List.copyOf(failed);
    }

    /** How many attempts at a record or a timer have failed so far. */
    int attempts() {
        return attempts;
    }

    /** The checkpoint is taken. */
    void commit() {
        committed = failed.size();
    }

    /** What is not committed will happen again. */
    void rollBack() {
        failed.subList(committed, failed.size()).clear();
    }

    @Override
    public void failed(ConsumerRecord<byte[], byte[]> record, String stage, Exception error) {
        attempts++;
        failed.add(new FailedRecord(record.topic(), record.partition(), record.offset(), stage, error));
    }

    @Override
    public void retried() {
        attempts++;
    }

    @Override
    public void skipped() {}

    @Override
    public void deadLetter() {}
}
