package dev.cairn.worker;

import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Exactly once: two producers take turns, so that an epoch is processed while the one before it is uploaded and committed.
 */
final class TransactionalOutputs implements Outputs {

    private TransactionalProducer current;
    private TransactionalProducer other;

    TransactionalOutputs(TransactionalProducer first, TransactionalProducer second) {
        this.current = first;
        this.other = second;
    }

    @Override
    public void start() {
        current.open();
        other.open();
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> record) {
        current.send(record);
    }

    @Override
    public Frozen freeze() {
        current.flush();
        TransactionalProducer frozen = current;
        current = other;
        other = frozen;
        return frozen;
    }

    @Override
    public void rollBack() {
        other.abort();
        current.abort();
    }

    @Override
    public List<String> transactionalIds() {
        return List.of(current.id(), other.id()).stream().sorted().toList();
    }

    @Override
    public void close() {
        current.close();
        other.close();
    }
}
