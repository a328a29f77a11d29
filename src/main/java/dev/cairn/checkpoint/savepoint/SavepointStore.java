package dev.cairn.checkpoint.savepoint;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.format.MetadataCodec;
import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StoredObject;

/** Savepoints in an object store, each a directory. Thread-safe; every call blocks. */
public record SavepointStore(ObjectStore objects) {

    /** Where a savepoint is, for messages and for starting from it. */
    public String location(String name) {
        return objects.location() + "/" + name;
    }

    /** A partition's files. */
    CheckpointStore files(String name, int partition) {
        return new CheckpointStore(objects, name, partition);
    }

    /**
     * Reads what a savepoint is; nothing where the directory is none.
     *
     * @throws dev.cairn.checkpoint.format.DamagedCheckpointException when it cannot be read
     */
    public Optional<Savepoint> read(String name) {
        String path = name + "/" + CheckpointPaths.METADATA;
        try {
            return Optional.of(
                    MetadataCodec.decodeSavepoint(location(name) + "/" + CheckpointPaths.METADATA, objects.read(path)));
        } catch (ObjectMissingException e) {
            return Optional.empty();
        }
    }

    /** Makes a savepoint visible, as the last step of writing one. */
    void create(String name, Savepoint savepoint) {
        objects.create(name + "/" + CheckpointPaths.METADATA, MetadataCodec.encode(savepoint));
    }

    /**
     * Notes that the job which owns a savepoint does not need one of its partitions any more.
     *
     * @return whether it needs none of them any more
     */
    boolean release(String name, int partition, List<Integer> all) {
        objects.create(released(name, partition), new byte[0]);
        Set<String> keys = objects.list(name).stream().map(StoredObject::key).collect(Collectors.toSet());
        return all.stream().allMatch(each -> keys.contains(released(name, each)));
    }

    private static String released(String name, int partition) {
        return name + "/partition-" + partition + "/_released";
    }

    /** Deletes a savepoint, its {@code _metadata} first. Of one that is not there, deletes what is left. */
    public void delete(String name) {
        objects.delete(name + "/" + CheckpointPaths.METADATA);
        CheckpointStore.delete(
                objects, objects.list(name).stream().map(StoredObject::key).toList());
    }
}
