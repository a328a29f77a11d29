package dev.cairn.test;

/**
 * A record or a timer that failed. Nothing of its effects remains.
 *
 * @param topic where it was sent to; {@code timer} and its name for a timer
 * @param partition where it was sent to
 * @param offset its offset there, from 0; what a timer was set to, in milliseconds since the epoch
 * @param stage where it failed: {@code deserialize-key}, {@code deserialize-value}, {@code process}, {@code timer} or {@code
 *     send}
 * @param error what was thrown
 */
public record FailedRecord(String topic, int partition, long offset, String stage, Exception error) {}
