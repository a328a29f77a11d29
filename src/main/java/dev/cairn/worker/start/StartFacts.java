package dev.cairn.worker.start;

import dev.cairn.checkpoint.store.CheckpointStore;

/**
 * What is known of a partition before it starts.
 *
 * @param partition its number
 * @param inputs what Kafka says
 * @param store the partition's checkpoints
 * @param listing what the store holds, read after the pointer
 */
record StartFacts(int partition, InputFacts inputs, CheckpointStore store, CheckpointStore.Listing listing) {}
