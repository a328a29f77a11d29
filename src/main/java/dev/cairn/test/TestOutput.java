package dev.cairn.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a job has written to an output, read by the declared serdes. It shows each time what is there then.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public final class TestOutput<K, V> {

    private final TestOutputs outputs;
    private final String topic;
    private final ObservedDeclaration.Serdes<K, V> serdes;

    TestOutput(TestOutputs outputs, String topic, ObservedDeclaration.Serdes<K, V> serdes) {
        this.outputs = outputs;
        this.topic = topic;
        this.serdes = serdes;
    }

    /** All records in the order in which they were emitted, with those that no checkpoint has committed yet. */
    public List<TestRecord<K, V>> records() {
        return read(outputs.all(topic));
    }

    /** The values of {@link #records}; {@code null} for a tombstone. */
    public List<V> values() {
        return records().stream().map(TestRecord::value).toList();
    }

    /** The last value of each key that has one, as a compacted topic keeps them, in the order of the keys' first records. */
    public Map<K, V> latest() {
        Map<K, V> latest = new LinkedHashMap<>();
        for (TestRecord<K, V> each : records()) {
            if (each.value() == null) {
                latest.remove(each.key());
            } else {
                latest.put(each.key(), each.value());
            }
        }
        return latest;
    }

    /** Only what checkpoints have committed: what a {@code read_committed} consumer sees. */
    public List<TestRecord<K, V>> committed() {
        return read(outputs.committed(topic));
    }

    /** The records since this was last asked for. After a {@link ProcessorTest#crash}, those that were lost come again. */
    public List<TestRecord<K, V>> newRecords() {
        return read(outputs.unseen(topic));
    }

    /** The values of {@link #newRecords}. */
    public List<V> newValues() {
        return newRecords().stream().map(TestRecord::value).toList();
    }

    private List<TestRecord<K, V>> read(Stream<ProducerRecord<byte[], byte[]>> written) {
        return written.map(record -> TestOutputs.read(
                        record, serdes.key().deserializer(), serdes.value().deserializer()))
                .toList();
    }
}
