package dev.cairn.worker.record;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.InputHandler;
import dev.cairn.api.InputRecord;

/**
 * How the records of an input are read and handled.
 *
 * @param topic whose records these are; {@code null} for those of all topics without an input of their own
 */
record RecordInput<K, V>(
        String topic, Deserializer<K> keyDeserializer, Deserializer<V> valueDeserializer, InputHandler<K, V> handler) {

    static <K, V> RecordInput<K, V> of(String topic, Serde<K> key, Serde<V> value, InputHandler<K, V> handler) {
        return new RecordInput<>(topic, key.deserializer(), value.deserializer(), handler);
    }

    K key(ConsumerRecord<byte[], byte[]> record) {
        return keyDeserializer.deserialize(record.topic(), record.headers(), record.key());
    }

    V value(ConsumerRecord<byte[], byte[]> record) {
        return valueDeserializer.deserialize(record.topic(), record.headers(), record.value());
    }

    void process(ConsumerRecord<byte[], byte[]> record, K key, V value) throws Exception {
        handler.process(new InputRecord<>(
                record.topic(), record.partition(), record.offset(), record.timestamp(), key, value, record.headers()));
    }
}
