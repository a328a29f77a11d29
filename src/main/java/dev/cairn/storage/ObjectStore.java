package dev.cairn.storage;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Where checkpoints are kept: a flat space of immutable objects, named by keys such as {@code
 * job/partition-0/chk-7/_metadata}.
 *
 * <p>An object is visible whole or not at all, and durable when the call that wrote it returns; so is a deletion. Nothing is
 * ever overwritten. Keys are relative, separated by {@code /}, without empty, {@code .} or {@code ..} segments, backslashes
 * and control characters, and do not start with {@code .tmp/}; others are an {@link IllegalArgumentException}. No object's
 * key is the directory of another one's.
 *
 * <p>Thread-safe; every call blocks, and may fail when its thread is interrupted. Failures are {@link StorageException}s.
 */
public interface ObjectStore extends AutoCloseable {

    /** How many objects one request deletes, at most: the limit of S3. */
    int DELETIONS_PER_REQUEST = 1000;

    /** Where this is, for messages and for {@link ObjectStores#open}: {@code file:/var/lib/cairn/checkpoints}. */
    String location();

    /**
     * Stores a local file, which stays as it is, under a key that is used only once. After a failure the object may be there
     * or not: continue with another key, or delete it first.
     *
     * @throws StorageException also when the key is taken, where the store can tell; nothing was changed then
     */
    void put(String key, Path file);

    /**
     * Stores bytes under a key that is used only once. After a failure the object may be there or not: continue with another
     * key, or delete it first.
     *
     * @throws StorageException also when the key is taken, where the store can tell; nothing was changed then
     */
    void put(String key, byte[] content);

    /**
     * Stores bytes unless the key is taken, decided by the store in one step: of several attempts on one key, by any number
     * of processes, one creates.
     *
     * @return {@link Creation#CREATED}, or {@link Creation#EXISTS} and nothing was changed. After a failure the outcome is
     *     open, and the next attempt may find the object of this one
     */
    Creation create(String key, byte[] content);

    /**
     * Reads an object.
     *
     * @throws ObjectMissingException when there is none
     */
    byte[] read(String key);

    /**
     * Downloads an object into a local file, which is created or replaced in one step and durable, except for its
     * directory's entry. The way there is a file next to it with {@code .part} appended to its name, so one call at a time may
     * download to a target.
     *
     * @param arrived is told of bytes as they come, by the threads that fetch them; what an attempt that failed had told is
     *     told again with a minus
     * @throws ObjectMissingException when there is none; an existing target stays as it was
     */
    void download(String key, Path target, LongConsumer arrived);

    /** As {@link #download(String, Path, LongConsumer)}, telling no one how far it has come. */
    default void download(String key, Path target) {
        download(key, target, bytes -> {});
    }

    /**
     * All objects whose keys start with this directory ({@code a/b}, without trailing slash), in the order of their keys as
     * {@link String#compareTo} defines it; none where there is no such directory. What is stored or deleted meanwhile may be
     * listed or not.
     */
    List<StoredObject> list(String directory);

    /**
     * The names of the directories directly below this one ({@code a/b}, or {@code ""} for the root), in the order that
     * {@link String#compareTo} defines; none where there is no such directory. On a file system, one that holds no object at
     * any depth may be there or not. What is stored or deleted meanwhile may be seen or not.
     */
    List<String> directories(String directory);

    /** Deletes an object; one that is not there is no error. */
    void delete(String key);

    /** What the last calls say of the store, where {@link RetryingObjectStore} keeps count of them. Asks no one. */
    default StoreStatus status() {
        return StoreStatus.UNKNOWN;
    }

    /**
     * The same store for work that can wait. Its transfers share no threads with those of this one, and there are few of
     * them, so that they hold up nothing. It is closed with this one.
     */
    default ObjectStore inBackground() {
        return this;
    }

    /**
     * Deletes objects with as few requests as the store allows: one for each {@value #DELETIONS_PER_REQUEST} keys. The order
     * is the store's, so that objects of which one has to go before another belong in calls of their own. Those that are not
     * there are no error.
     *
     * <p>Nothing is tried again. A caller that may delete for a limited time makes sure of that before each call.
     *
     * @return why objects are still there, by key; empty when all are gone
     * @throws StorageException when a request fails: any of the objects may be gone
     */
    default Map<String, String> deleteAll(Collection<String> keys) {
        Map<String, String> left = new LinkedHashMap<>();
        for (String key : keys) {
            try {
                delete(key);
            } catch (StorageException e) {
                left.put(key, e.getMessage());
            }
        }
        return left;
    }

    @Override
    void close();

    /** How a conditional write ended. */
    enum Creation {
        CREATED,
        EXISTS
    }
}
