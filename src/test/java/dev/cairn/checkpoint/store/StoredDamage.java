package dev.cairn.checkpoint.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.write.Damage;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;

/** A checkpoint whose files were damaged before they were uploaded: every CRC that is on record is the damaged file's. */
public final class StoredDamage {

    private StoredDamage() {}

    /** Damages the largest delta of a partition's newest checkpoint, in a store that is a directory. */
    public static void ofLargestDelta(String checkpoints, String job, int partition, double where) {
        try (ObjectStore objects = ObjectStores.open(checkpoints)) {
            CheckpointStore store = new CheckpointStore(objects, job, partition);
            of(
                    store,
                    Path.of(checkpoints, job, "partition-" + partition),
                    store.list().numbers().get(0),
                    where);
        }
    }

    /** The same, in a store. @return the path of the damaged object */
    public static String of(CheckpointStore store, Path directory, long number, double where) {
        CheckpointMetadata whole = store.read(number);
        Delta largest = whole.deltas().stream()
                .filter(delta -> !delta.holdsChanges())
                .max(Comparator.comparingLong(Delta::bytes))
                .orElseThrow();
        String path = largest.file().path();
        Damage.flip(directory.resolve(path), where);
        List<Delta> deltas = new ArrayList<>(whole.deltas());
        deltas.set(
                deltas.indexOf(largest),
                Delta.ofFile(largest.checkpoints(), CheckpointStore.describe(path, directory.resolve(path))));
        store.delete(List.of(CheckpointPaths.metadataPath(number)));
        store.create(copy(whole, whole.formatVersion(), deltas));
        return path;
    }

    /** Lets a partition's checkpoint be of another format, in a store that is a directory. */
    public static void otherFormat(String checkpoints, String job, int partition, long number, int version) {
        try (ObjectStore objects = ObjectStores.open(checkpoints)) {
            CheckpointStore store = new CheckpointStore(objects, job, partition);
            CheckpointMetadata whole = store.read(number);
            store.delete(List.of(CheckpointPaths.metadataPath(number)));
            store.create(copy(whole, version, whole.deltas()));
        }
    }

    private static CheckpointMetadata copy(CheckpointMetadata whole, int version, List<Delta> deltas) {
        return new CheckpointMetadata(
                version,
                whole.job(),
                whole.partition(),
                whole.number(),
                whole.uid(),
                whole.parent(),
                whole.createdAt(),
                whole.writtenBy(),
                whole.positions(),
                whole.states(),
                whole.eventTime(),
                whole.origins(),
                whole.base(),
                deltas,
                whole.durations());
    }
}
