package dev.cairn.test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

/**
 * An input, and what the records that are sent to it have besides key and value. Immutable: {@link #at}, {@link #header} and
 * {@link #partition} return another one.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public final class TestInput<K, V> {

    private final TestWorker<?, ?, ?, ?> worker;
    private final String topic;
    private final ObservedDeclaration.Serdes<K, V> serdes;
    private final int partition;
    private final Instant timestamp;
    private final RecordHeaders headers;

    private TestInput(
            TestWorker<?, ?, ?, ?> worker,
            String topic,
            ObservedDeclaration.Serdes<K, V> serdes,
            int partition,
            Instant timestamp,
            RecordHeaders headers) {
        this.worker = worker;
        this.topic = topic;
        this.serdes = serdes;
        this.partition = partition;
        this.timestamp = timestamp;
        this.headers = headers;
    }

    static <K, V> TestInput<K, V> of(
            TestWorker<?, ?, ?, ?> worker, String topic, ObservedDeclaration.Serdes<K, V> serdes) {
        return new TestInput<>(worker, topic, serdes, 0, null, new RecordHeaders());
    }

    /** The same, for records with this timestamp; without one it is {@link ProcessorTest#now} when they are sent. */
    public TestInput<K, V> at(Instant time) {
        return new TestInput<>(worker, topic, serdes, partition, time, headers);
    }

    /** The same, for records with this header, besides those that they have. */
    public TestInput<K, V> header(String name, String text) {
        RecordHeaders more = new RecordHeaders(headers);
        more.add(name, text.getBytes(StandardCharsets.UTF_8));
        return new TestInput<>(worker, topic, serdes, partition, timestamp, more);
    }

    /** The same, for records in this partition, from 0. Each one has an instance of the processor and state of its own. */
    public TestInput<K, V> partition(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("there is no partition " + number);
        }
        return new TestInput<>(worker, topic, serdes, number, timestamp, headers);
    }

    /**
     * Sends a record, and processes it.
     *
     * @throws WorkerStoppedException when it cannot be processed, and {@code cairn.errors} is {@code fail}
     * @throws AssertionError when the processor changes a value in place, or a serde of a state loses something
     */
    public void send(K key, V value) {
        RecordHeaders own = new RecordHeaders(headers);
        byte[] keyBytes = bytes(serdes.key().serializer(), own, key);
        send(own, keyBytes, bytes(serdes.value().serializer(), own, value));
    }

    private <T> byte[] bytes(Serializer<T> serializer, Headers own, T given) {
        return serializer.serialize(topic, own, given);
    }

    /** As {@link #send}, with bytes as they stand in Kafka, which the declared serdes may not be able to read. */
    public void sendRaw(byte[] key, byte[] value) {
        send(new RecordHeaders(headers), key, value);
    }

    private void send(RecordHeaders own, byte[] key, byte[] value) {
        worker.send(new SentRecord(topic, partition, timestamp == null ? worker.now() : timestamp, own, key, value));
    }
}
