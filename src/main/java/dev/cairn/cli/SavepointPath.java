package dev.cairn.cli;

import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.checkpoint.format.SnapshotPath;
import dev.cairn.checkpoint.savepoint.SavepointStore;
import dev.cairn.storage.ObjectStore;

/**
 * A savepoint that someone points at.
 *
 * @param directory that it is in
 * @param name of its own directory
 */
record SavepointPath(CheckpointsDirectory directory, String name) {

    static SavepointPath of(String text) {
        try {
            SnapshotPath path = SnapshotPath.of(text);
            if (path.partition().isPresent()) {
                throw new CommandException(text + " is a checkpoint's path. Give a savepoint's");
            }
            return new SavepointPath(CheckpointsDirectory.of(path.directory()), path.name());
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    /** @throws CommandException when it is none */
    Savepoint read(ObjectStore objects) {
        SavepointStore savepoints = new SavepointStore(objects);
        return savepoints
                .read(name)
                .orElseThrow(() -> new CommandException("there is no savepoint in " + savepoints.location(name)
                        + ". Correct the path; what a savepoint create printed is one"));
    }
}
