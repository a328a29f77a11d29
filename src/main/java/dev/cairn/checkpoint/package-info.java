/**
 * What a checkpoint is, and everything done to one; savepoints.
 *
 * <p>Each package below may use those before it: {@code format} (what a checkpoint is and what follows on it), {@code
 * protocol} (what is decided about checkpoints, without I/O), {@code store}, {@code local}, {@code write}, {@code savepoint}.
 * {@link dev.cairn.checkpoint.store.SnapshotSource} is where state can be taken from. Nothing here knows Kafka's clients.
 */
package dev.cairn.checkpoint;
