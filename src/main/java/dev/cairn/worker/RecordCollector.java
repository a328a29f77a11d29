package dev.cairn.worker;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

import dev.cairn.api.Output;

/**
 * Holds the results of the record in process until it has succeeded.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
final class RecordCollector<K, V> implements Output<K, V> {

    private final String topic;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final Outputs outputs;
    private final List<ProducerRecord<byte[], byte[]>> held = new ArrayList<>();
    /** Most results have no headers, and those who do not ask for any need no object of their own. */
    private RecordHeaders unused = new RecordHeaders();

    private long timestamp;

    private RecordCollector(String topic, Serializer<K> keySerializer, Serializer<V> valueSerializer, Outputs outputs) {
        this.topic = topic;
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
        this.outputs = outputs;
    }

    static <K, V> RecordCollector<K, V> to(String topic, Serde<K> key, Serde<V> value, Outputs outputs) {
        return new RecordCollector<>(topic, key.serializer(), value.serializer(), outputs);
    }

    /** For a job without output, which keeps state alone: results are dropped. */
    static <K, V> RecordCollector<K, V> without() {
        return new RecordCollector<>(null, null, null, null);
    }

    void beginRecord(long timestamp) {
        this.timestamp = timestamp;
    }

    @Override
    public void emit(K key, V value) {
        hold(key, value, null);
    }

    @Override
    public void emit(K key, V value, Headers headers) {
        hold(key, value, headers);
    }

    private void hold(K key, V value, Headers headers) {
        if (topic == null) {
            return;
        }
        // A serializer that knows headers may add some, and must not touch the author's.
        RecordHeaders own = headers == null ? unused : new RecordHeaders(headers);
        byte[] keyBytes = keySerializer.serialize(topic, own, key);
        byte[] valueBytes = valueSerializer.serialize(topic, own, value);
        boolean untouched = headers == null && own.toArray().length == 0;
        held.add(new ProducerRecord<>(
                topic, null, timestamp < 0 ? null : timestamp, keyBytes, valueBytes, untouched ? null : own));
        if (headers == null && !untouched) {
            unused = new RecordHeaders();
        }
    }

    /** The record succeeded. */
    void send() {
        for (int i = 0; i < held.size(); i++) {
            outputs.send(held.get(i));
        }
        held.clear();
    }

    /** The record failed. */
    void drop() {
        held.clear();
    }
}
