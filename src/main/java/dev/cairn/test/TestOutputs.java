package dev.cairn.test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.serialization.Deserializer;

import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.output.Refusal;
import dev.cairn.worker.output.SendResults;

/** Keeps what a worker would send to Kafka, in transactions that checkpoints commit. */
final class TestOutputs implements Outputs {

    private final long limit;
    private final boolean exactlyOnce;
    private final Supplier<Long> clock;
    private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private int committed;

    /**
     * @param limit bytes of the largest record
     * @param exactlyOnce whether what is not committed is lost in a crash
     * @param clock the timestamp of what has none, in milliseconds
     */
    TestOutputs(long limit, boolean exactlyOnce, Supplier<Long> clock) {
        this.limit = limit;
        this.exactlyOnce = exactlyOnce;
        this.clock = clock;
    }

    /** Everything that was sent to a topic. */
    Stream<ProducerRecord<byte[], byte[]>> all(String topic) {
        return sent.stream().filter(record -> record.topic().equals(topic));
    }

    /** What was sent to a topic and is committed. */
    Stream<ProducerRecord<byte[], byte[]>> committed(String topic) {
        return sent.stream().limit(exactlyOnce ? committed : sent.size()).filter(record -> record.topic()
                .equals(topic));
    }

    /** What was sent to a topic since this was last called for it. */
    Stream<ProducerRecord<byte[], byte[]>> unseen(String topic) {
        int from = seen.getOrDefault(topic, 0);
        seen.put(topic, sent.size());
        return sent.subList(from, sent.size()).stream()
                .filter(record -> record.topic().equals(topic));
    }

    /** The checkpoint is taken. */
    void commit() {
        committed = sent.size();
    }

    static <K, V> TestRecord<K, V> read(
            ProducerRecord<byte[], byte[]> record, Deserializer<K> key, Deserializer<V> value) {
        return new TestRecord<>(
                key.deserialize(record.topic(), record.headers(), record.key()),
                value.deserialize(record.topic(), record.headers(), record.value()),
                record.timestamp(),
                record.headers(),
                record.partition() == null ? OptionalInt.empty() : OptionalInt.of(record.partition()));
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> record, SendResults.Origin origin) {
        sent.add(
                record.timestamp() != null
                        ? record
                        : new ProducerRecord<>(
                                record.topic(),
                                record.partition(),
                                clock.get(),
                                record.key(),
                                record.value(),
                                record.headers()));
    }

    @Override
    public void requireSendable(ProducerRecord<byte[], byte[]> record) {
        int size = AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                record.key(),
                record.value(),
                record.headers().toArray());
        if (size > limit) {
            throw new RecordTooLargeException("a record of " + size + " bytes for the topic " + record.topic()
                    + " is larger than kafka.max.request.size=" + limit);
        }
    }

    /** What is not committed is lost. */
    @Override
    public List<Refusal> rollBack() {
        if (exactlyOnce) {
            sent.subList(committed, sent.size()).clear();
            seen.replaceAll((topic, until) -> Math.min(until, committed));
        }
        return List.of();
    }

    @Override
    public void start() {}

    /** Every topic exists. */
    @Override
    public void add(String topic, String setting) {}

    @Override
    public boolean isStarted() {
        return true;
    }

    /** There is no producer that could refuse a record later. */
    @Override
    public SendResults.Origin origin(ConsumerRecord<?, ?> input) {
        return null;
    }

    @Override
    public SendResults.Origin deadLetterOrigin(ConsumerRecord<?, ?> input) {
        return null;
    }

    @Override
    public void check() {}

    @Override
    public void flush() {}

    @Override
    public Frozen freeze() {
        throw new UnsupportedOperationException("there is no group to commit offsets to");
    }

    @Override
    public List<String> transactionalIds() {
        return List.of();
    }

    @Override
    public void close() {}
}
