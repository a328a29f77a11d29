package dev.cairn.checkpoint.write;

/**
 * How checkpoints of a job are written.
 *
 * @param incremental deltas and shared files; otherwise every checkpoint carries all its files
 * @param inlineThreshold bytes of changes below which they stand in {@code _metadata} instead of a file
 * @param retained how many known checkpoints are kept
 */
public record CheckpointOptions(boolean incremental, long inlineThreshold, int retained) {}
