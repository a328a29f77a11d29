package dev.cairn.test;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * A record that a job has written.
 *
 * @param key its key, or {@code null}
 * @param value its value; {@code null} for a tombstone
 * @param timestamp in milliseconds since the epoch
 * @param headers its headers, perhaps none
 * @param partition the one that the processor chose; empty where the key decides
 * @param <K> type of the key
 * @param <V> type of the value
 */
public record TestRecord<K, V>(K key, V value, long timestamp, Headers headers, OptionalInt partition) {

    /** The last header of a name as text, or {@code null} where there is none. */
    public String header(String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
