package dev.cairn.checkpoint.write;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.Identity;
import dev.cairn.checkpoint.format.ObjectRef;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.state.DatabaseFile;
import dev.cairn.state.SstFiles;

/**
 * The sorted files that a checkpoint has in the store, found by their content. So it does not matter how a local file came
 * to be, or whether this process has seen it come; and what differs from its object by a single bit is not that object.
 */
final class StoredFiles {

    /** Nothing is known to be in the store. */
    static final StoredFiles NONE = new StoredFiles();

    private final Map<Content, List<Stored>> files = new HashMap<>();

    private record Content(long size, String crc32c) {}

    /** @param name in the database of the base; empty for a delta */
    private record Stored(String name, ObjectRef object) {}

    private StoredFiles() {}

    /**
     * Those of a checkpoint: its deltas, and the files of its base. A base whose description is damaged has none.
     *
     * @throws dev.cairn.storage.StorageException when the store fails
     */
    static StoredFiles of(CheckpointMetadata checkpoint, CheckpointStore store) {
        StoredFiles found = new StoredFiles();
        checkpoint.deltas().stream()
                .filter(delta -> !delta.holdsChanges())
                .forEach(delta -> found.add("", delta.file()));
        if (checkpoint.base() != null) {
            try {
                store.readBase(checkpoint.base()).files().forEach(file -> found.add(file.name(), file.object()));
            } catch (DamagedCheckpointException e) {
                // What it lists is uploaded again, and the next base is whole.
            }
        }
        return found;
    }

    private void add(String name, ObjectRef object) {
        files.computeIfAbsent(new Content(object.size(), object.crc32c()), content -> new ArrayList<>(1))
                .add(new Stored(name, object));
    }

    /**
     * The object that a file of the database is. Its size and CRC-32C are the object's, and either it has the same name in
     * the base, or it is the delta that the object is named after: a CRC that is the same by chance does not suffice.
     *
     * @param described the file's size and CRC-32C
     */
    Optional<ObjectRef> find(DatabaseFile file, ObjectRef described) {
        for (Stored stored : files.getOrDefault(new Content(described.size(), described.crc32c()), List.of())) {
            if (stored.name().equals(file.name()) || isNamedAfter(stored.object(), file.path())) {
                return Optional.of(stored.object());
            }
        }
        return Optional.empty();
    }

    private static boolean isNamedAfter(ObjectRef object, Path file) {
        return SstFiles.identity(file)
                .flatMap(Identity::decode)
                .filter(identity -> object.path().endsWith("/" + Delta.fileName(identity.uid())))
                .isPresent();
    }
}
