package dev.cairn.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import dev.cairn.state.DatabaseFile;
import dev.cairn.state.LocalStateException;
import dev.cairn.storage.StorageException;

/** Uploads a database whose files were linked aside, apart from files that are in the store already. */
final class BaseBuilder {

    private static final String PREFIX = "base-";

    private final CheckpointStore store;

    BaseBuilder(CheckpointStore store) {
        this.store = store;
    }

    /**
     * Uploads. Deletes the links, and after a failure what it had uploaded.
     *
     * @param at the checkpoint that the files hold
     * @param links the directory of the links
     * @param files the linked files
     * @param known objects that some of the files are, by the file's name in the database
     * @param directory where new objects go: {@code shared/} or a checkpoint's own
     */
    BuiltBase build(
            CheckpointId at, Path links, List<DatabaseFile> files, Map<String, ObjectRef> known, String directory) {
        String uid = UUID.randomUUID().toString();
        List<String> uploaded = new ArrayList<>();
        try {
            List<BaseDescription.File> sorted = new ArrayList<>();
            Map<String, String> manifest = new TreeMap<>();
            Map<String, ObjectRef> objects = new TreeMap<>();
            long bytes = 0;
            for (DatabaseFile file : files) {
                if (file.isSorted()) {
                    ObjectRef object = known.get(file.name());
                    if (object == null) {
                        String path = directory + PREFIX + uid + "-" + file.name();
                        uploaded.add(path);
                        object = store.upload(path, file.path());
                    }
                    sorted.add(new BaseDescription.File(file.name(), object));
                    objects.put(file.name(), object);
                    bytes += object.size();
                } else if (describesDatabase(file.name())) {
                    manifest.put(file.name(), Base64.getEncoder().encodeToString(Files.readAllBytes(file.path())));
                }
            }
            BaseDescription description =
                    new BaseDescription(BaseDescription.FORMAT_VERSION, at.uid(), sorted, manifest);
            String path = directory + PREFIX + uid + ".json";
            uploaded.add(path);
            ObjectRef ref = store.upload(path, MetadataCodec.encode(description));
            return new BuiltBase(new Base(at.uid(), at.number(), ref, bytes), objects, uploaded);
        } catch (IOException e) {
            discard(uploaded);
            throw new LocalStateException("cannot read " + links + ": " + e, e);
        } catch (RuntimeException e) {
            discard(uploaded);
            throw e;
        } finally {
            LocalDirectory.delete(links);
        }
    }

    /**
     * Deletes what was uploaded and nothing refers to, also when the upload was ended by an interrupt.
     *
     * @throws StorageException when the store fails; the rest is left for the collection of garbage
     */
    void discard(List<String> uploaded) {
        boolean interrupted = Thread.interrupted();
        try {
            uploaded.forEach(store::delete);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether an object that checkpoints may share is a base's description, or a file that was uploaded for one. */
    static boolean isPartOfBase(String path) {
        return path.startsWith("shared/" + PREFIX);
    }

    /** A log holds nothing, because nothing is ever put, and an IDENTITY would make two databases claim to be one. */
    private static boolean describesDatabase(String name) {
        return name.startsWith("MANIFEST-") || name.equals("CURRENT") || name.startsWith("OPTIONS-");
    }
}
