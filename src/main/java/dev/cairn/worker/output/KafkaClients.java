package dev.cairn.worker.output;

import java.time.Duration;
import java.util.Map;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;

import dev.cairn.worker.status.WorkerListener;

/** Opens Kafka's clients, and tells who watches them. Thread-safe. */
public final class KafkaClients {

    private final WorkerListener listener;

    public KafkaClients(WorkerListener listener) {
        this.listener = listener;
    }

    public KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return opened(new KafkaConsumer<>(config));
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> config) {
        return opened(new KafkaProducer<>(config));
    }

    public Admin admin(Map<String, Object> config) {
        return opened(Admin.create(config));
    }

    /** Without waiting for what is under way. */
    void close(KafkaProducer<byte[], byte[]> producer) {
        listener.closing(producer);
        producer.close(Duration.ZERO);
    }

    private <C extends AutoCloseable> C opened(C client) {
        listener.opened(client);
        return client;
    }
}
