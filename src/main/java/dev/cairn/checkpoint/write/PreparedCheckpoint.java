package dev.cairn.checkpoint.write;

import java.nio.file.Path;
import java.time.Duration;

import dev.cairn.checkpoint.format.CheckpointMetadata;

/**
 * A checkpoint that is whole in the store, and that no one knows yet.
 *
 * @param metadata what it is
 * @param location of its {@code _metadata}
 * @param delta the sorted file that the database ingests once it is committed
 * @param sort how long its changes took to sort
 * @param write how long the sorted file took to write
 * @param upload how long the upload took, {@code _metadata} included
 */
public record PreparedCheckpoint(
        CheckpointMetadata metadata, String location, Path delta, Duration sort, Duration write, Duration upload) {}
