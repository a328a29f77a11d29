package dev.cairn.api;

import java.util.OptionalInt;
import java.util.OptionalLong;

import org.apache.kafka.common.header.Headers;

/**
 * A result that says more than its key and value: {@code OutputRecord.of(key, value).at(millis).to(partition)}. Immutable.
 *
 * @param key its key, or {@code null}
 * @param value its value, or {@code null} for a tombstone
 * @param timestamp milliseconds since the epoch; where it is empty, the timestamp of the record in process counts
 * @param headers its headers, or {@code null} for none; copied when the record is emitted
 * @param partition of the output's topic; where it is empty, the key decides
 * @param <K> type of the key
 * @param <V> type of the value
 */
public record OutputRecord<K, V>(K key, V value, OptionalLong timestamp, Headers headers, OptionalInt partition) {

    /** @throws IllegalArgumentException when the timestamp or the partition is below zero */
    public OutputRecord {
        if (timestamp.isPresent() && timestamp.getAsLong() < 0) {
            throw new IllegalArgumentException(
                    "an output record's timestamp is " + timestamp.getAsLong() + ": it must not be below 0");
        }
        if (partition.isPresent() && partition.getAsInt() < 0) {
            throw new IllegalArgumentException(
                    "an output record's partition is " + partition.getAsInt() + ": it must not be below 0");
        }
    }

    /** With the timestamp of the record in process, without headers, in the partition of its key. */
    public static <K, V> OutputRecord<K, V> of(K key, V value) {
        return new OutputRecord<>(key, value, OptionalLong.empty(), null, OptionalInt.empty());
    }

    /** The same with this timestamp, in milliseconds since the epoch. */
    public OutputRecord<K, V> at(long millis) {
        return new OutputRecord<>(key, value, OptionalLong.of(millis), headers, partition);
    }

    /** The same with these headers instead of its own. */
    public OutputRecord<K, V> with(Headers these) {
        return new OutputRecord<>(key, value, timestamp, these, partition);
    }

    /** The same for this partition of the topic, from 0. One that the topic does not have is an error of the input record. */
    public OutputRecord<K, V> to(int number) {
        return new OutputRecord<>(key, value, timestamp, headers, OptionalInt.of(number));
    }
}
