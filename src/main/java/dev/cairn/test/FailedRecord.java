package dev.cairn.test;

/**
 * A record that failed and was left out or put aside. Nothing of its effects remains.
 *
 * @param topic where it was sent to
 * @param partition where it was sent to
 * @param offset its offset there, from 0
 * @param stage where it failed: {@code deserialize-key}, {@code deserialize-value}, {@code process} or {@code send}
 * @param error what was thrown
 */
public record FailedRecord(String topic, int partition, long offset, String stage, Exception error) {}
