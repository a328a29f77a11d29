package dev.cairn.checkpoint;

import java.util.Optional;

import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StoredObject;

/** Savepoints in an object store, each a directory. Thread-safe; every call blocks. */
public final class SavepointStore {

    private final ObjectStore objects;

    public SavepointStore(ObjectStore objects) {
        this.objects = objects;
    }

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
     * @throws DamagedCheckpointException when it cannot be read
     */
    public Optional<Savepoint> read(String name) {
        String path = name + "/" + CheckpointStore.METADATA;
        try {
            return Optional.of(
                    MetadataCodec.decodeSavepoint(location(name) + "/" + CheckpointStore.METADATA, objects.read(path)));
        } catch (ObjectMissingException e) {
            return Optional.empty();
        }
    }

    /** Makes a savepoint visible, as the last step of writing one. */
    void create(String name, Savepoint savepoint) {
        objects.create(name + "/" + CheckpointStore.METADATA, MetadataCodec.encode(savepoint));
    }

    /** Deletes a savepoint, its {@code _metadata} first. Of one that is not there, deletes what is left. */
    public void delete(String name) {
        objects.delete(name + "/" + CheckpointStore.METADATA);
        for (StoredObject object : objects.list(name)) {
            objects.delete(object.key());
        }
    }
}
