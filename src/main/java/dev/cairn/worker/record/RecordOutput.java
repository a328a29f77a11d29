package dev.cairn.worker.record;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

import dev.cairn.api.Output;
import dev.cairn.api.OutputRecord;
import dev.cairn.state.RecordScope;

/**
 * Writes results with the serdes of one output, and hands them to the collector of the record in process.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
final class RecordOutput<K, V> implements Output<K, V> {

    private final String name;
    private final String topic;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final RecordCollector collector;
    private final RecordScope scope;
    /** Most results have no headers, and those who do not ask for any need no object of their own. */
    private RecordHeaders unused;

    private RecordOutput(
            String name,
            String topic,
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer,
            RecordCollector collector,
            RecordScope scope) {
        this.name = name;
        this.topic = topic;
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
        this.collector = collector;
        this.scope = scope;
    }

    /** @param name as the author knows it: that of the topic, where the output has no other */
    static <K, V> RecordOutput<K, V> to(
            String name, String topic, Serde<K> key, Serde<V> value, RecordCollector collector, RecordScope scope) {
        return new RecordOutput<>(name, topic, key.serializer(), value.serializer(), collector, scope);
    }

    /** For a job without this output, which keeps only state: results are dropped. */
    static <K, V> RecordOutput<K, V> without(RecordScope scope) {
        return new RecordOutput<>("", null, null, null, null, scope);
    }

    @Override
    public void emit(K key, V value) {
        if (isWritten()) {
            hold(key, value, null, collector.timestamp(), null);
        }
    }

    @Override
    public void emit(K key, V value, Headers headers) {
        if (isWritten()) {
            hold(key, value, headers, collector.timestamp(), null);
        }
    }

    @Override
    public void emit(OutputRecord<K, V> record) {
        if (isWritten()) {
            hold(
                    record.key(),
                    record.value(),
                    record.headers(),
                    record.timestamp().isPresent() ? (Long) record.timestamp().getAsLong() : collector.timestamp(),
                    record.partition().isPresent()
                            ? (Integer) record.partition().getAsInt()
                            : null);
        }
    }

    private boolean isWritten() {
        scope.require("output", name);
        return topic != null;
    }

    private void hold(K key, V value, Headers headers, Long timestamp, Integer partition) {
        // A serializer that knows headers may add some, and must not touch the author's.
        RecordHeaders own = headers == null ? takeUnused() : new RecordHeaders(headers);
        byte[] keyBytes = keySerializer.serialize(topic, own, key);
        byte[] valueBytes = valueSerializer.serialize(topic, own, value);
        requireBytes(key, keyBytes, "key", keySerializer);
        requireBytes(value, valueBytes, "value", valueSerializer);
        boolean untouched = headers == null && own.toArray().length == 0;
        collector.hold(new ProducerRecord<>(topic, partition, timestamp, keyBytes, valueBytes, untouched ? null : own));
        if (untouched) {
            unused = own;
        }
    }

    /** Gone, until the serializers are known to have left it as it was. */
    private RecordHeaders takeUnused() {
        RecordHeaders taken = unused == null ? new RecordHeaders() : unused;
        unused = null;
        return taken;
    }

    /** Such a record would delete a key's result in a compacted topic, or go to any partition. */
    private void requireBytes(Object given, byte[] bytes, String what, Serializer<?> serializer) {
        if (bytes == null && given != null) {
            throw new IllegalStateException(
                    (name.equals(topic) ? "the output's " : "the output '" + name + "': the ") + what + " serializer "
                            + serializer.getClass().getName() + " returned null for a " + what
                            + " that is not null. Correct it; to write a tombstone, emit null");
        }
    }
}
