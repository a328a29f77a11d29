package dev.cairn.checkpoint.format;

/**
 * A whole database that deltas build on.
 *
 * @param checkpoint unique id of the checkpoint it holds
 * @param number that checkpoint's number, for people
 * @param description the object that lists its files, a {@link BaseDescription}
 * @param bytes size of all its files
 */
public record Base(String checkpoint, long number, ObjectRef description, long bytes) {}
