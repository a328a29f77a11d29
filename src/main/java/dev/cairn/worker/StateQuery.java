package dev.cairn.worker;

import dev.cairn.state.EntrySelection;

/**
 * What is asked of a partition's state.
 *
 * @param state name of the state
 * @param key the record's key, as it stood in Kafka
 * @param entries which entries of a map or a list; {@code null} where only a value is wanted
 * @param partition where it is looked for
 * @param partitionCount how many partitions the inputs had when that one was chosen; 0 where it was not chosen by count
 * @param consistency which state is read
 */
@SuppressWarnings("ArrayRecordComponent") // No one compares them.
public record StateQuery(
        String state, byte[] key, EntrySelection entries, int partition, int partitionCount, Consistency consistency) {}
