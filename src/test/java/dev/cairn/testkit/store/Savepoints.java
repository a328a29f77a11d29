package dev.cairn.testkit.store;

import java.nio.file.Path;
import java.util.Map;

import org.apache.kafka.common.utils.Utils;

import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.checkpoint.format.SnapshotPath;
import dev.cairn.checkpoint.local.Scratch;
import dev.cairn.checkpoint.savepoint.SavepointRescaler;
import dev.cairn.checkpoint.savepoint.SavepointStore;
import dev.cairn.checkpoint.savepoint.SavepointWriter;
import dev.cairn.checkpoint.savepoint.SnapshotSources;
import dev.cairn.checkpoint.store.Progress;
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

    /** Makes one for topics with another number of partitions, which are read from their beginning. */
    public static Savepoint rescale(Path savepoint, Path target, int partitions) {
        SnapshotPath path = SnapshotPath.of(savepoint.toString());
        try (ObjectStore from = ObjectStores.open(path.directory());
                ObjectStore to = ObjectStores.open(target.getParent().toString());
                Scratch scratch = Scratch.create()) {
            return new SavepointRescaler(new SavepointStore(to), scratch, "test", Progress.NONE)
                    .rescale(
                            target.getFileName().toString(),
                            SnapshotSources.open(path, from),
                            partitions,
                            key -> Utils.toPositive(Utils.murmur2(key)) % partitions,
                            Map.of());
        }
    }
}
