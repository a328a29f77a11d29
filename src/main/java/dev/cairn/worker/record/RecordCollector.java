package dev.cairn.worker.record;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

import dev.cairn.api.Output;
import dev.cairn.state.RecordScope;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.output.SendResults;

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
    private final RecordScope scope;
    private final List<ProducerRecord<byte[], byte[]>> held = new ArrayList<>();
    /** Most results have no headers, and those who do not ask for any need no object of their own. */
    private RecordHeaders unused = new RecordHeaders();

    private long timestamp;

    private RecordCollector(
            String topic,
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer,
            Outputs outputs,
            RecordScope scope) {
        this.topic = topic;
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
        this.outputs = outputs;
        this.scope = scope;
    }

    static <K, V> RecordCollector<K, V> to(
            String topic, Serde<K> key, Serde<V> value, Outputs outputs, RecordScope scope) {
        return new RecordCollector<>(topic, key.serializer(), value.serializer(), outputs, scope);
    }

    /** For a job without output, which keeps only state: results are dropped. */
    static <K, V> RecordCollector<K, V> without(RecordScope scope) {
        return new RecordCollector<>(null, null, null, null, scope);
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
        scope.require("output", topic == null ? "" : topic);
        if (topic == null) {
            return;
        }
        // A serializer that knows headers may add some, and must not touch the author's.
        RecordHeaders own = headers == null ? unused : new RecordHeaders(headers);
        byte[] keyBytes = keySerializer.serialize(topic, own, key);
        byte[] valueBytes = valueSerializer.serialize(topic, own, value);
        requireBytes(key, keyBytes, "key", keySerializer);
        requireBytes(value, valueBytes, "value", valueSerializer);
        boolean untouched = headers == null && own.toArray().length == 0;
        held.add(new ProducerRecord<>(
                topic, null, timestamp < 0 ? null : timestamp, keyBytes, valueBytes, untouched ? null : own));
        if (headers == null && !untouched) {
            unused = new RecordHeaders();
        }
    }

    /** Such a record would delete a key's result in a compacted topic, or go to any partition. */
    private static void requireBytes(Object given, byte[] bytes, String what, Serializer<?> serializer) {
        if (bytes == null && given != null) {
            throw new IllegalStateException("the output's " + what + " serializer "
                    + serializer.getClass().getName() + " returned null for a " + what
                    + " that is not null. Correct it; to write a tombstone, emit null");
        }
    }

    /**
     * Looks whether what is held can be sent, while the record can still fail.
     *
     * @throws org.apache.kafka.common.errors.RecordTooLargeException when the client would refuse it
     */
    void requireSendable() {
        for (int i = 0; i < held.size(); i++) {
            outputs.requireSendable(held.get(i));
        }
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
