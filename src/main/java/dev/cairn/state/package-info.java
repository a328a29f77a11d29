/**
 * Keyed state of a partition: the state table on the heap, and behind it RocksDB, which only ever holds what is committed.
 *
 * <p>Changes are kept as objects in a {@link dev.cairn.state.StateTable}, frozen into {@link dev.cairn.state.Change}s by a
 * checkpoint, written in key order by {@link dev.cairn.state.SstFiles}, and ingested into a {@link
 * dev.cairn.state.PartitionDatabase} once the checkpoint is committed. Nothing here knows what a checkpoint is.
 */
package dev.cairn.state;
