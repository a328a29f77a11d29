package dev.cairn.checkpoint;

import java.nio.file.Path;

/**
 * A checkpoint that is whole in the store, and that nobody knows yet.
 *
 * @param metadata what it is
 * @param delta the sorted file that the database takes in once it is committed
 */
public record PreparedCheckpoint(CheckpointMetadata metadata, Path delta) {}
