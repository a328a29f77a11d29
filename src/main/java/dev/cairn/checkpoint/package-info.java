/**
 * What a checkpoint is, taking one, restoring one, retaining, cleaning up; savepoints.
 *
 * <p>The protocol stands in small classes without I/O: {@link dev.cairn.checkpoint.CheckpointMetadata} (what a checkpoint
 * is and what follows on it), {@link dev.cairn.checkpoint.RestoreDecision} (where a partition starts), {@link
 * dev.cairn.checkpoint.Retention} (what a worker deletes) and {@link dev.cairn.checkpoint.Classifier} (what a clean-up
 * deletes). The I/O lives around them. {@link dev.cairn.checkpoint.SnapshotSource} is whatever state can be taken from. Nothing here knows Kafka's clients.
 */
package dev.cairn.checkpoint;
