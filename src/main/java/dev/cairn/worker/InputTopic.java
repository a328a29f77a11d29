package dev.cairn.worker;

/**
 * What an input topic is, as its cluster says.
 *
 * @param id never used again, unlike a name
 * @param partitionCount how many partitions it has: with another count, keys are elsewhere
 */
record InputTopic(String id, int partitionCount) {}
