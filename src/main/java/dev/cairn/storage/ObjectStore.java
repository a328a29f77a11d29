package dev.cairn.storage;

import java.nio.file.Path;
import java.util.List;

/**
 * Where checkpoints are kept: a flat space of immutable objects, named by keys such as {@code
 * job/partition-0/chk-7/_metadata}.
 *
 * <p>An object is visible whole or not at all, and durable when the call that wrote it returns. Nothing is ever
 * overwritten. Keys are relative, separated by {@code /}, without empty, {@code .} or {@code ..} segments; others are an
 * {@link IllegalArgumentException}.
 *
 * <p>Thread-safe; every call blocks. Failures are {@link StorageException}s.
 */
public interface ObjectStore extends AutoCloseable {

    /** Where this is, for messages: {@code file:/var/lib/cairn/checkpoints}. */
    String location();

    /** Stores a local file under a key that is used only once. */
    void put(String key, Path file);

    /** Stores bytes under a key that is used only once. */
    void put(String key, byte[] content);

    /**
     * Stores bytes unless the key is taken, decided by the store in one step.
     *
     * @return {@link Creation#CREATED}, or {@link Creation#EXISTS} and nothing was changed
     */
    Creation create(String key, byte[] content);

    /** Reads an object. @throws ObjectMissingException when there is none */
    byte[] read(String key);

    /** Downloads an object into a local file, which is created or replaced. @throws ObjectMissingException when there is none */
    void download(String key, Path target);

    /** All objects whose key starts with this directory ({@code a/b}, without trailing slash), in the order of their keys. */
    List<StoredObject> list(String directory);

    /** Deletes an object; one that is not there is no error. */
    void delete(String key);

    @Override
    void close();

    /** How a conditional write ended. */
    enum Creation {
        CREATED,
        EXISTS
    }
}
