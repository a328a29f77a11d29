package dev.cairn.checkpoint.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.BaseDescription;
import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.format.Crc32c;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.format.MetadataCodec;
import dev.cairn.checkpoint.format.ObjectRef;
import dev.cairn.checkpoint.protocol.Retention;
import dev.cairn.state.DamagedDatabaseException;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.SstFiles;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.storage.StoredObject;

/**
 * The checkpoints of one partition in the object store.
 *
 * <pre>
 *   job/partition-p/chk-n/_metadata    what the checkpoint is; created once, by a conditional write
 *   job/partition-p/chk-n/_committed   marks it as committed, when nothing later names it as its parent
 *   job/partition-p/chk-n/file         files of this checkpoint only
 *   job/partition-p/shared/file        files that several checkpoints share
 * </pre>
 *
 * <p>The directory has one writer at a time: the loop that owns the partition. Thread-safe; every call blocks.
 */
public final class CheckpointStore {

    private static final Pattern PARTITION = Pattern.compile("partition-([0-9]{1,9})");
    private static final Pattern CHECKPOINT = Pattern.compile("chk-([0-9]{1,18})/.+");

    private final ObjectStore objects;
    private final String job;
    private final int partition;
    private final String directory;

    /** For a partition of a job. */
    public CheckpointStore(ObjectStore objects, String job, int partition) {
        this.objects = objects;
        this.job = job;
        this.partition = partition;
        this.directory = job + "/partition-" + partition;
    }

    /** The job whose checkpoints they are. */
    public String job() {
        return job;
    }

    /** The partition whose checkpoints they are. */
    public int partition() {
        return partition;
    }

    /** Loads what reads and writes metadata, a tenth of a second on a JVM that the first checkpoint would wait for. */
    public static void prepare() {
        MetadataCodec.load();
    }

    /** The jobs that have a partition, in order. A savepoint has some, too, and a {@code _metadata} of its own. */
    public static List<String> jobs(ObjectStore objects) {
        return objects.directories("").stream()
                .filter(name -> !partitions(objects, name).isEmpty() && !isSavepoint(objects, name))
                .toList();
    }

    private static boolean isSavepoint(ObjectStore objects, String directory) {
        try {
            objects.read(directory + "/" + CheckpointPaths.METADATA);
            return true;
        } catch (ObjectMissingException e) {
            return false;
        }
    }

    /**
     * The partitions of a job that have a directory, in order.
     *
     * @throws IllegalArgumentException when no job can have this name
     */
    public static List<Integer> partitions(ObjectStore objects, String job) {
        if (job.isEmpty()) {
            throw new IllegalArgumentException("a job has a name");
        }
        TreeSet<Integer> partitions = new TreeSet<>();
        for (String directory : objects.directories(job)) {
            Matcher matcher = PARTITION.matcher(directory);
            if (matcher.matches()) {
                partitions.add(Integer.parseInt(matcher.group(1)));
            }
        }
        return List.copyOf(partitions);
    }

    /** Where it is, for messages. */
    public String location() {
        return objects.location() + "/" + directory;
    }

    /** How an attempt to write a checkpoint's {@code _metadata} ended. */
    public enum Creation {
        /** It is there, by this call or by an earlier one whose answer was lost. */
        CREATED,
        /** Another checkpoint has the number. */
        NUMBER_TAKEN
    }

    public Creation create(CheckpointMetadata metadata) {
        byte[] encoded = MetadataCodec.encode(metadata);
        if (objects.create(key(CheckpointPaths.metadataPath(metadata.number())), encoded)
                == ObjectStore.Creation.CREATED) {
            return Creation.CREATED;
        }
        return read(metadata.number()).uid().equals(metadata.uid()) ? Creation.CREATED : Creation.NUMBER_TAKEN;
    }

    /**
     * Reads what a checkpoint is.
     *
     * @throws ObjectMissingException when there is none with this number
     * @throws DamagedCheckpointException when it cannot be read
     */
    public CheckpointMetadata read(long number) {
        String path = CheckpointPaths.metadataPath(number);
        return MetadataCodec.decode(location() + "/" + path, objects.read(key(path)));
    }

    public BaseDescription readBase(Base base) {
        ObjectRef ref = base.description();
        byte[] content;
        try {
            content = objects.read(key(ref.path()));
        } catch (ObjectMissingException e) {
            throw missing(ref, e);
        }
        check(ref, content.length, Crc32c.of(content));
        return MetadataCodec.decodeBase(location() + "/" + ref.path(), content);
    }

    public ObjectRef upload(String path, Path file) {
        ObjectRef ref = describe(path, file);
        objects.put(key(path), file);
        return ref;
    }

    /**
     * Uploads a sorted file, once it is known to be what RocksDB wrote. The CRC is taken first: what changes afterwards does
     * not have it.
     *
     * @throws dev.cairn.state.DamagedDatabaseException when the file is not what RocksDB wrote; nothing is uploaded then
     */
    public ObjectRef uploadSorted(String path, Path file) {
        ObjectRef ref = describe(path, file);
        SstFiles.verify(file);
        objects.put(key(path), file);
        return ref;
    }

    /** A local file as the object that it would be. */
    public static ObjectRef describe(String path, Path file) {
        try {
            return new ObjectRef(path, Files.size(file), Crc32c.of(file));
        } catch (IOException e) {
            throw new LocalStateException("cannot read " + file + ": " + e, e);
        }
    }

    public ObjectRef upload(String path, byte[] content) {
        objects.put(key(path), content);
        return new ObjectRef(path, content.length, Crc32c.of(content));
    }

    /**
     * Downloads an object and checks that it is what was written.
     *
     * @param arrived is told of bytes as {@link ObjectStore#download(String, Path, LongConsumer)} tells
     */
    void fetch(ObjectRef ref, Path target, LongConsumer arrived) {
        try {
            objects.download(key(ref.path()), target, arrived);
            check(ref, Files.size(target), Crc32c.of(target));
        } catch (ObjectMissingException e) {
            throw missing(ref, e);
        } catch (IOException e) {
            throw new LocalStateException("cannot read " + target + ": " + e, e);
        }
    }

    /**
     * As {@link #fetch}, of a sorted file. A file that was damaged before it was uploaded has the CRC that is on record, so
     * its blocks are compared with their own checksums, too.
     */
    public void fetchSorted(ObjectRef ref, Path target, LongConsumer arrived) {
        fetch(ref, target, arrived);
        try {
            SstFiles.verify(target);
        } catch (DamagedDatabaseException e) {
            throw new DamagedCheckpointException(
                    location() + "/" + ref.path() + " was damaged before it was stored: RocksDB finds "
                            + e.getCause().getMessage(),
                    e);
        }
    }

    public void markCommitted(long number) {
        objects.create(key(CheckpointPaths.markerPath(number)), "\n".getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Deletes, {@code _metadata} before other objects.
     *
     * @param metadataFirst paths in that order
     * @throws dev.cairn.storage.StorageException when an object cannot be deleted; what comes after it stays
     */
    public void delete(List<String> metadataFirst) {
        for (List<String> request : Retention.requests(metadataFirst)) {
            delete(objects, request.stream().map(this::key).toList());
        }
    }

    /** With few requests; what is left then is deleted one by one, which is tried again for a while. */
    public static void delete(ObjectStore objects, Collection<String> keys) {
        Collection<String> left;
        try {
            left = objects.deleteAll(keys).keySet();
        } catch (StorageException e) {
            if (e.isPermanent()) {
                throw e;
            }
            left = keys;
        }
        left.forEach(objects::delete);
    }

    /** What is there. */
    public Listing list() {
        return Listing.of(objects().keySet());
    }

    /** Bytes of all objects that are there. */
    public long storedBytes() {
        return objects().values().stream().mapToLong(StoredObject::size).sum();
    }

    /** Every object that is there, by its path relative to the directory, in the order of the paths. */
    Map<String, StoredObject> objects() {
        Map<String, StoredObject> found = new LinkedHashMap<>();
        objects.list(directory).forEach(object -> found.put(object.key().substring(directory.length() + 1), object));
        return found;
    }

    /**
     * What a partition's directory holds.
     *
     * @param numbers of the checkpoints with a {@code _metadata}, newest first
     * @param paths of all objects, relative to the directory
     * @param highestNumber the highest number that any object uses, 0 for none
     * @param named the checkpoint that the group named then, as far as that is known
     * @param passedOver paths of objects that are left untouched
     */
    public record Listing(
            List<Long> numbers,
            Set<String> paths,
            long highestNumber,
            Optional<CheckpointId> named,
            Set<String> passedOver) {

        /** Nothing is known of what it holds. */
        public static final Listing NONE = new Listing(List.of(), Set.of(), 0, Optional.empty(), Set.of());

        static Listing of(Set<String> paths) {
            TreeSet<Long> numbers = new TreeSet<>();
            long highest = 0;
            for (String path : paths) {
                Matcher matcher = CHECKPOINT.matcher(path);
                if (matcher.matches()) {
                    long number = Long.parseLong(matcher.group(1));
                    highest = Math.max(highest, number);
                    if (path.equals(CheckpointPaths.metadataPath(number))) {
                        numbers.add(number);
                    }
                }
            }
            return new Listing(List.copyOf(numbers.descendingSet()), paths, highest, Optional.empty(), Set.of());
        }

        /** Whether a checkpoint carries the marker of one that is committed. */
        public boolean isMarkedCommitted(long number) {
            return paths.contains(CheckpointPaths.markerPath(number));
        }

        /** As someone sees it who leaves what is there untouched, and only takes no number again. */
        public Listing numbersAlone() {
            return new Listing(List.of(), Set.of(), highestNumber, Optional.empty(), paths);
        }

        /** The same, read when the group named a checkpoint. */
        public Listing naming(Optional<CheckpointId> pointer) {
            return new Listing(numbers, paths, highestNumber, pointer, passedOver);
        }
    }

    /** Where the {@code _metadata} of a checkpoint lies, for people. */
    public String locationOf(long number) {
        return location() + "/" + CheckpointPaths.metadataPath(number);
    }

    private void check(ObjectRef ref, long size, String crc32c) {
        if (size != ref.size() || !crc32c.equals(ref.crc32c())) {
            throw new DamagedCheckpointException(location() + "/" + ref.path() + " is not what was written: " + size
                    + " bytes with CRC32C " + crc32c + ", recorded are " + ref.size() + " bytes with " + ref.crc32c());
        }
    }

    private DamagedCheckpointException missing(ObjectRef ref, ObjectMissingException cause) {
        return new DamagedCheckpointException(
                location() + "/" + ref.path() + " is missing, and a checkpoint needs it", cause);
    }

    public String key(String path) {
        return directory + "/" + path;
    }
}
