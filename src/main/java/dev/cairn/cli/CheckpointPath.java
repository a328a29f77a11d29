package dev.cairn.cli;

import java.nio.file.Files;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.cairn.checkpoint.format.SnapshotPath;

/**
 * What someone points at: all checkpoints of a job, those of a partition, or one.
 *
 * @param directory of all checkpoints
 * @param job the job
 * @param partition the partition, if it is not the whole job
 * @param number the checkpoint, if it is not the whole partition
 */
record CheckpointPath(CheckpointsDirectory directory, String job, OptionalInt partition, OptionalLong number) {

    static CheckpointPath of(String text) {
        CheckpointsDirectory pointed = CheckpointsDirectory.of(text);
        if (pointed.local().isPresent() && !Files.exists(pointed.local().get())) {
            throw new CommandException("there is no " + pointed.location() + ". Correct the path");
        }
        try {
            SnapshotPath path = SnapshotPath.of(text);
            return new CheckpointPath(
                    CheckpointsDirectory.of(path.directory()), path.name(), path.partition(), path.number());
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    pointed.location()
                            + " is no checkpoint's path. Give a chk-<n> directory, its _metadata, a partition-<p> directory, or"
                            + " the directory of a job, which holds these",
                    e);
        }
    }
}
