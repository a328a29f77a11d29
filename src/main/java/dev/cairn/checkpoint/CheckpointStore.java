package dev.cairn.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cairn.state.LocalStateException;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StoredObject;

/**
 * The checkpoints of one partition in the object store.
 *
 * <pre>
 *   job/partition-p/chk-n/_metadata    what the checkpoint is; created once, by a conditional write
 *   job/partition-p/chk-n/_committed   marks it as committed, when nothing later names it as its parent
 *   job/partition-p/chk-n/file         files of this checkpoint alone
 *   job/partition-p/shared/file        files that several checkpoints share
 * </pre>
 *
 * <p>The directory has one writer at a time: the loop that owns the partition. Thread-safe; every call blocks.
 */
public final class CheckpointStore {

    static final String METADATA = "_metadata";
    static final String COMMITTED = "_committed";
    private static final Pattern PARTITION = Pattern.compile("partition-([0-9]{1,9})");
    private static final Pattern CHECKPOINT = Pattern.compile("chk-([0-9]{1,18})/.+");

    private final ObjectStore objects;
    private final String directory;

    /** For a partition of a job. */
    public CheckpointStore(ObjectStore objects, String job, int partition) {
        this.objects = objects;
        this.directory = job + "/partition-" + partition;
    }

    /** The jobs that have a partition, in order. A savepoint has some, too, and a {@code _metadata} of its own. */
    public static List<String> jobs(ObjectStore objects) {
        return objects.directories("").stream()
                .filter(name -> !partitions(objects, name).isEmpty() && !isSavepoint(objects, name))
                .toList();
    }

    private static boolean isSavepoint(ObjectStore objects, String directory) {
        try {
            objects.read(directory + "/" + METADATA);
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
    enum Creation {
        /** It is there, by this call or by an earlier one whose answer was lost. */
        CREATED,
        /** Another checkpoint has the number. */
        NUMBER_TAKEN
    }

    Creation create(CheckpointMetadata metadata) {
        byte[] encoded = MetadataCodec.encode(metadata);
        if (objects.create(key(metadataPath(metadata.number())), encoded) == ObjectStore.Creation.CREATED) {
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
        String path = metadataPath(number);
        return MetadataCodec.decode(location() + "/" + path, objects.read(key(path)));
    }

    BaseDescription readBase(Base base) {
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

    ObjectRef upload(String path, Path file) {
        try {
            ObjectRef ref = new ObjectRef(path, Files.size(file), Crc32c.of(file));
            objects.put(key(path), file);
            return ref;
        } catch (IOException e) {
            throw new LocalStateException("cannot read " + file + ": " + e, e);
        }
    }

    ObjectRef upload(String path, byte[] content) {
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

    void markCommitted(long number) {
        objects.create(key(markerPath(number)), "\n".getBytes(StandardCharsets.US_ASCII));
    }

    void delete(String path) {
        objects.delete(key(path));
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
     */
    public record Listing(List<Long> numbers, Set<String> paths, long highestNumber) {

        /** Nothing is known of what it holds. */
        static final Listing NONE = new Listing(List.of(), Set.of(), 0);

        static Listing of(Set<String> paths) {
            TreeSet<Long> numbers = new TreeSet<>();
            long highest = 0;
            for (String path : paths) {
                Matcher matcher = CHECKPOINT.matcher(path);
                if (matcher.matches()) {
                    long number = Long.parseLong(matcher.group(1));
                    highest = Math.max(highest, number);
                    if (path.equals(metadataPath(number))) {
                        numbers.add(number);
                    }
                }
            }
            return new Listing(List.copyOf(numbers.descendingSet()), paths, highest);
        }

        /** Whether a checkpoint carries the marker of one that is committed. */
        public boolean isMarkedCommitted(long number) {
            return paths.contains(markerPath(number));
        }

        /** As somebody sees it who leaves alone what is there, and only takes no number again. */
        public Listing numbersAlone() {
            return new Listing(List.of(), Set.of(), highestNumber);
        }
    }

    /** Where the {@code _metadata} of a checkpoint lies, for people. */
    public String locationOf(long number) {
        return location() + "/" + metadataPath(number);
    }

    static String metadataPath(long number) {
        return "chk-" + number + "/" + METADATA;
    }

    static String markerPath(long number) {
        return "chk-" + number + "/" + COMMITTED;
    }

    private void check(ObjectRef ref, long size, String crc32c) {
        if (size != ref.size() || !crc32c.equals(ref.crc32c())) {
            throw new DamagedCheckpointException(location() + "/" + ref.path() + " is not what was written: " + size
                    + " bytes with CRC32C " + crc32c + ", recorded are " + ref.size() + " bytes with " + ref.crc32c());
        }
    }

    private DamagedCheckpointException missing(ObjectRef ref, ObjectMissingException cause) {
        DamagedCheckpointException damaged = new DamagedCheckpointException(
                location() + "/" + ref.path() + " is missing, and a checkpoint needs it");
        damaged.initCause(cause);
        return damaged;
    }

    private String key(String path) {
        return directory + "/" + path;
    }
}
