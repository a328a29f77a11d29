package dev.cairn.checkpoint;

/**
 * What a partition was started from, and what the job owns since: deleted once the partition has a checkpoint of its own.
 *
 * @param source what a path pointed at
 * @param snapshot the partition's part of it
 */
public record Claim(SnapshotSource source, Snapshot snapshot) {

    void settle() {
        source.release(snapshot);
    }
}
