/**
 * What a checkpoint is, taking one, restoring one, retaining.
 *
 * <p>The protocol stands in small classes without I/O: {@link dev.cairn.checkpoint.CheckpointMetadata} (what a checkpoint
 * is and what follows on it), {@link dev.cairn.checkpoint.RestoreDecision} (where a partition starts) and {@link
 * dev.cairn.checkpoint.Retention} (what may be deleted). The I/O lives around them. Nothing here knows Kafka's clients.
 */
package dev.cairn.checkpoint;
