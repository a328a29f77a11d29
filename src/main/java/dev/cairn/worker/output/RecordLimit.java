package dev.cairn.worker.output;

import java.util.Map;

import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecord;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.RecordBatch;

/**
 * The largest record that a producer and its topics accept. A record that is refused ends the transaction; asked before,
 * nothing has to be rolled back.
 */
final class RecordLimit {

    /** More than what Kafka adds to a record without headers. */
    private static final int OVERHEAD_BYTES = 128;

    private final long bytes;
    private final String setting;
    private final boolean compressed;
    private final OutputTopics topics;

    private RecordLimit(long bytes, String setting, boolean compressed, OutputTopics topics) {
        this.bytes = bytes;
        this.setting = setting;
        this.compressed = compressed;
        this.topics = topics;
    }

    /** That of a producer with these settings. */
    static RecordLimit of(Map<String, Object> config, OutputTopics topics) {
        ProducerConfig parsed = new ProducerConfig(config);
        long request = parsed.getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        long buffer = parsed.getLong(ProducerConfig.BUFFER_MEMORY_CONFIG);
        String limiting =
                request <= buffer ? ProducerConfig.MAX_REQUEST_SIZE_CONFIG : ProducerConfig.BUFFER_MEMORY_CONFIG;
        boolean compressed =
                !parsed.getString(ProducerConfig.COMPRESSION_TYPE_CONFIG).equals(CompressionType.NONE.name);
        return new RecordLimit(Math.min(request, buffer), "kafka." + limiting, compressed, topics);
    }

    /**
     * @throws RecordTooLargeException when the record would be refused
     * @throws IllegalArgumentException when it is for a partition that the topic does not have
     */
    void check(ProducerRecord<byte[], byte[]> record) {
        if (record.partition() != null) {
            requirePartition(record.topic(), record.partition());
        }
        Header[] headers = record.headers().toArray();
        long topicBytes = compressed ? Long.MAX_VALUE : topics.messageLimit(record.topic());
        if (headers.length == 0
                && length(record.key()) + length(record.value()) + OVERHEAD_BYTES <= Math.min(bytes, topicBytes)) {
            return;
        }
        int estimated = AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE, CompressionType.NONE, record.key(), record.value(), headers);
        if (estimated > bytes) {
            throw tooLarge(record, estimated, setting + "=" + bytes);
        }
        int alone = DefaultRecordBatch.RECORD_BATCH_OVERHEAD
                + DefaultRecord.sizeInBytes(0, 0, length(record.key()), length(record.value()), headers);
        if (alone > topicBytes && alone > topics.messageLimitNow(record.topic())) {
            throw tooLarge(record, alone, "the topic's max.message.bytes=" + topics.messageLimit(record.topic()));
        }
    }

    /** The producer would wait for such a partition to come into being. */
    private void requirePartition(String topic, int partition) {
        if (partition >= topics.partitionCount(topic) && partition >= topics.partitionCountNow(topic)) {
            throw new IllegalArgumentException("a record for partition " + partition + " of the topic " + topic
                    + ", which has " + topics.partitionCount(topic) + " partitions, counted from 0");
        }
    }

    private static RecordTooLargeException tooLarge(ProducerRecord<?, ?> record, int size, String limit) {
        return new RecordTooLargeException(
                "a record of " + size + " bytes for the topic " + record.topic() + " is larger than " + limit);
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
