package dev.cairn.worker.output;

import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A timer that fires, as what handles records sees it: its name stands for the topic, its time for the offset. No topic can
 * have such a name.
 */
public final class TimerRecord extends ConsumerRecord<byte[], byte[]> {

    private final String name;

    /**
     * @param name the name it was declared with
     * @param partition the partition that it belongs to
     * @param time what it was set to
     * @param key the record key that it was set for, as it stood in Kafka
     * @param timestamp of what it emits
     */
    public TimerRecord(String name, int partition, long time, byte[] key, long timestamp) {
        super(
                "timer " + name,
                partition,
                time,
                timestamp,
                TimestampType.NO_TIMESTAMP_TYPE,
                key.length,
                NULL_SIZE,
                key,
                null,
                new RecordHeaders(),
                Optional.empty());
        this.name = name;
    }

    /** The name it was declared with. */
    public String name() {
        return name;
    }

    /** What it was set to, in milliseconds since the epoch. */
    public long time() {
        return offset();
    }
}
