package dev.cairn.worker;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/**
 * At least once, and jobs without output: records are visible at once, and the offsets are committed by the consumer once
 * the records have arrived and the checkpoint is whole.
 */
final class PlainOutputs implements Outputs {

    private final Map<String, Object> config;
    private final KafkaClients clients;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Callback onResult = (metadata, exception) -> {
        if (exception != null) {
            failure.compareAndSet(null, exception);
        }
    };
    private KafkaProducer<byte[], byte[]> producer;

    PlainOutputs(Map<String, Object> config, KafkaClients clients) {
        this.config = config;
        this.clients = clients;
    }

    @Override
    public void start() {
        producer = clients.producer(config);
    }

    @Override
    public boolean isStarted() {
        return true;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback learns of every failure.
    @Override
    public void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record, onResult);
        } catch (KafkaException e) {
            throw new RollBackException("cannot send to " + record.topic(), e);
        }
    }

    @Override
    public Frozen freeze() {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new RollBackException("a record did not arrive", failed);
        }
        return new ConsumerCommit();
    }

    @Override
    public void rollBack() {
        if (failure.get() != null) {
            clients.close(producer);
            failure.set(null);
            start();
        }
    }

    @Override
    public List<String> transactionalIds() {
        return List.of();
    }

    @Override
    public void close() {
        if (producer != null) {
            clients.close(producer);
        }
    }

    private static final class ConsumerCommit implements Frozen {

        @Override
        public void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<?, ?> consumer) {
            try {
                consumer.commitSync(offsets);
            } catch (FencedInstanceIdException | RebalanceInProgressException e) {
                throw e;
            } catch (KafkaException e) {
                throw new RollBackException("the group does not accept the offsets", e);
            }
        }

        @Override
        public Outcome commit() {
            return Outcome.COMMITTED;
        }
    }
}
