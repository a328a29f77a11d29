package dev.cairn.testkit;

import java.nio.file.Path;
import java.util.Map;

import dev.cairn.checkpoint.Progress;
import dev.cairn.checkpoint.Savepoint;
import dev.cairn.checkpoint.SavepointStore;
import dev.cairn.checkpoint.SavepointWriter;
import dev.cairn.checkpoint.Scratch;
import dev.cairn.checkpoint.SnapshotPath;
import dev.cairn.checkpoint.SnapshotSources;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;

/** Savepoints of test jobs, as the command makes them. */
public final class Savepoints {

    private Savepoints() {}

    /** Makes one of the newest checkpoints in a job's directory. */
    public static Savepoint create(Path jobDirectory, Path target) {
        SnapshotPath path = SnapshotPath.of(jobDirectory.toString());
        try (ObjectStore from = ObjectStores.open(path.directory());
                ObjectStore to = ObjectStores.open(target.getParent().toString());
                Scratch scratch = Scratch.create()) {
            return new SavepointWriter(new SavepointStore(to), scratch, "test", Progress.NONE)
                    .write(target.getFileName().toString(), SnapshotSources.open(path, from), Map.of());
        }
    }
}
