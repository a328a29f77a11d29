package dev.cairn.worker.record;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.output.SendResults;

/** Holds the results of the record in process, for all outputs of the processor, until it has succeeded. */
final class RecordCollector {

    private final Outputs outputs;
    private final List<ProducerRecord<byte[], byte[]>> held = new ArrayList<>();
    private long timestamp;
    private String checked = "";

    RecordCollector(Outputs outputs) {
        this.outputs = outputs;
    }

    /** @param millis what results carry that have no timestamp of their own; below zero for that of their sending */
    void beginRecord(long millis) {
        timestamp = millis;
    }

    /** What results carry that have no timestamp of their own; {@code null} for that of their sending. */
    Long timestamp() {
        return timestamp < 0 ? null : (Long) timestamp;
    }

    void hold(ProducerRecord<byte[], byte[]> result) {
        held.add(result);
    }

    /**
     * Looks whether what is held can be sent, while the record can still fail.
     *
     * @throws org.apache.kafka.common.errors.RecordTooLargeException when the client would refuse it
     * @throws IllegalArgumentException when it is for a partition that the topic does not have
     */
    void requireSendable() {
        for (int i = 0; i < held.size(); i++) {
            ProducerRecord<byte[], byte[]> result = held.get(i);
            checked = result.topic();
            outputs.requireSendable(result);
        }
    }

    /** The topic of the result that {@link #requireSendable} has looked at last. */
    String checked() {
        return checked;
    }

    /** The record succeeded. */
    void send(ConsumerRecord<?, ?> input) {
        if (held.isEmpty()) {
            return;
        }
        SendResults.Origin origin = outputs.origin(input);
        for (int i = 0; i < held.size(); i++) {
            outputs.send(held.get(i), origin);
        }
        held.clear();
    }

    /** The record failed. */
    void drop() {
        held.clear();
    }
}
