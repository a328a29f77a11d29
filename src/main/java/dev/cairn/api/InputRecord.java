package dev.cairn.api;

import org.apache.kafka.common.header.Headers;

/**
 * A record of an input topic.
 *
 * @param topic the topic it came from
 * @param partition the partition it came from
 * @param offset its offset there
 * @param timestamp milliseconds since the epoch, as Kafka recorded it
 * @param key its key, or {@code null}
 * @param value its value, or {@code null} (a tombstone)
 * @param headers its headers, never {@code null}
 * @param <K> type of the key
 * @param <V> type of the value
 */
public record InputRecord<K, V>(
        String topic, int partition, long offset, long timestamp, K key, V value, Headers headers) {}
