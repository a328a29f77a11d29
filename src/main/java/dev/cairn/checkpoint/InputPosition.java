package dev.cairn.checkpoint;

/**
 * How far a partition of an input topic had been read.
 *
 * @param topic the topic
 * @param offset the next offset to read
 * @param partitionCount how many partitions the topic had: with another count, keys are elsewhere
 */
public record InputPosition(String topic, long offset, int partitionCount) {}
