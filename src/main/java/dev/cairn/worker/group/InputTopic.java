package dev.cairn.worker.group;

/**
 * What an input topic is, as its cluster says.
 *
 * @param id never used again, unlike a name
 * @param partitionCount how many partitions it has: with another count, keys are elsewhere
 */
public record InputTopic(String id, int partitionCount) {}
