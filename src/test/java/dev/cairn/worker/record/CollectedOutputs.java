package dev.cairn.worker.record;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;

import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.output.Refusal;
import dev.cairn.worker.output.SendResults;

/** Keeps what is sent, without a broker. Refuses values above a size. */
final class CollectedOutputs implements Outputs {

    static final int MAX_BYTES = 100;

    private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    private final List<String> added = new ArrayList<>();

    List<ProducerRecord<byte[], byte[]>> sent() {
        return sent;
    }

    /** The topics that were added, each with its setting. */
    List<String> added() {
        return added;
    }

    @Override
    public void start() {}

    @Override
    public boolean isStarted() {
        return true;
    }

    @Override
    public void add(String topic, String setting) {
        added.add(topic + " by " + setting);
    }

    @Override
    public void requireSendable(ProducerRecord<byte[], byte[]> record) {
        if (record.value() != null && record.value().length > MAX_BYTES) {
            throw new RecordTooLargeException("too large for " + record.topic());
        }
    }

    @Override
    public SendResults.Origin origin(ConsumerRecord<?, ?> input) {
        return null;
    }

    @Override
    public SendResults.Origin deadLetterOrigin(ConsumerRecord<?, ?> input) {
        return null;
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> record, SendResults.Origin origin) {
        sent.add(record);
    }

    @Override
    public void check() {}

    @Override
    public void flush() {}

    @Override
    public Frozen freeze() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Refusal> rollBack() {
        return List.of();
    }

    @Override
    public List<String> transactionalIds() {
        return List.of();
    }

    @Override
    public void close() {}
}
