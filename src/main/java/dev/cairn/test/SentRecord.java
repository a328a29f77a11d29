package dev.cairn.test;

import java.time.Instant;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;

/** A record that the test has sent. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SentRecord(String topic, int partition, Instant timestamp, Headers headers, byte[] key, byte[] value) {

    /** As a consumer reads it. */
    ConsumerRecord<byte[], byte[]> at(long offset) {
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                timestamp.toEpochMilli(),
                TimestampType.CREATE_TIME,
                key == null ? ConsumerRecord.NULL_SIZE : key.length,
                value == null ? ConsumerRecord.NULL_SIZE : value.length,
                key,
                value,
                headers,
                Optional.empty());
    }
}
