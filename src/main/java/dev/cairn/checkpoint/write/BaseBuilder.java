package dev.cairn.checkpoint.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.BaseDescription;
import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.format.Identity;
import dev.cairn.checkpoint.format.MetadataCodec;
import dev.cairn.checkpoint.format.ObjectRef;
import dev.cairn.checkpoint.local.LocalDirectory;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.state.DamagedDatabaseException;
import dev.cairn.state.DatabaseFile;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.storage.StorageException;

/** Uploads a database whose files were linked aside, apart from files that are in the store already. */
record BaseBuilder(CheckpointStore store) {

    /**
     * Verifies the files, and uploads those that are not in the store. Deletes the links, and after a failure what it had
     * uploaded.
     *
     * @param at the checkpoint that the files hold
     * @param links the directory of the links
     * @param files the linked files
     * @param stored objects that some of the files are
     * @param directory where new objects go: {@code shared/} or a checkpoint's own
     * @throws DamagedDatabaseException when a file is not what RocksDB wrote
     */
    BuiltBase build(CheckpointId at, Path links, List<DatabaseFile> files, StoredFiles stored, String directory) {
        String uid = UUID.randomUUID().toString();
        List<String> uploaded = new ArrayList<>();
        try {
            requireOpens(links, at);
            List<BaseDescription.File> sorted = new ArrayList<>();
            Map<String, String> manifest = new TreeMap<>();
            long bytes = 0;
            for (DatabaseFile file : files) {
                if (file.isSorted()) {
                    String path = directory + CheckpointPaths.BASE_PREFIX + uid + "-" + file.name();
                    ObjectRef object = stored.find(file, CheckpointStore.describe(path, file.path()))
                            .orElseGet(() -> {
                                uploaded.add(path);
                                return store.uploadSorted(path, file.path());
                            });
                    sorted.add(new BaseDescription.File(file.name(), object));
                    bytes += object.size();
                } else if (describesDatabase(file.name())) {
                    manifest.put(file.name(), Base64.getEncoder().encodeToString(Files.readAllBytes(file.path())));
                }
            }
            BaseDescription description =
                    new BaseDescription(BaseDescription.FORMAT_VERSION, at.uid(), sorted, manifest);
            String path = directory + CheckpointPaths.BASE_PREFIX + uid + ".json";
            uploaded.add(path);
            ObjectRef ref = store.upload(path, MetadataCodec.encode(description));
            List<ObjectRef> objects =
                    sorted.stream().map(BaseDescription.File::object).toList();
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

    /** Whether the links are a database at this checkpoint, as a restore would find it. */
    private static void requireOpens(Path links, CheckpointId at) {
        String identity = PartitionDatabase.identityOf(links).orElse("nothing");
        if (Identity.decode(identity)
                .filter(found -> found.uid().equals(at.uid()))
                .isEmpty()) {
            throw new DamagedDatabaseException(
                    "the database linked in " + links + " is at " + identity + ", not at " + at, null);
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
            store.delete(uploaded);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A log holds nothing, because nothing is ever put, and an IDENTITY would make two databases claim to be one. */
    private static boolean describesDatabase(String name) {
        return name.startsWith("MANIFEST-") || name.equals("CURRENT") || name.startsWith("OPTIONS-");
    }
}
