package dev.cairn.worker.record;

import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.output.Refusal;
import dev.cairn.worker.output.SendResults;

/** Takes down what is sent. */
final class SentRecords implements Outputs {

    private final List<ProducerRecord<byte[], byte[]>> sent;

    SentRecords(List<ProducerRecord<byte[], byte[]>> sent) {
        this.sent = sent;
    }

    @Override
    public void add(String topic, String setting) {}

    @Override
    public void start() {}

    @Override
    public boolean isStarted() {
        return true;
    }

    @Override
    public void requireSendable(ProducerRecord<byte[], byte[]> record) {}

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
