package dev.cairn.checkpoint;

/**
 * What a line of checkpoints began with instead of an empty state. Every later checkpoint of the line carries it on, so that
 * a job which is started with the same path again knows that it has been there.
 *
 * @param path as it was given, canonical: see {@link SnapshotPath#canonical}
 * @param uid unique id of the checkpoint or savepoint
 */
public record Origin(String path, String uid) {}
