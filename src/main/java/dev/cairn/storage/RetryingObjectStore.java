package dev.cairn.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import dev.cairn.storage.StoreFailure.Access;

/**
 * Tries again what may pass: with growing delays, up to a limit per call. An interrupt ends the trying, and so does a
 * failure that is permanent. {@link #status} says what fails at the moment.
 */
public final class RetryingObjectStore implements ObjectStore {

    private final ObjectStore store;
    private final Duration limit;
    private final Retry retry;
    private final StoreStanding standing;

    /**
     * For a command: its last failure is all that is said.
     *
     * @param limit how long a call may take in all before its last failure is passed on
     */
    public RetryingObjectStore(ObjectStore store, Duration limit) {
        this(store, limit, StoreStanding.silent(store.location()));
    }

    /**
     * For a worker, which logs failures while they last.
     *
     * @param limit how long a call may take in all before its last failure is passed on
     * @param limitText the limit as people know it: {@code execution.checkpointing.timeout=5min}
     */
    public RetryingObjectStore(ObjectStore store, Duration limit, String limitText) {
        this(store, limit, StoreStanding.logging(store.location(), limitText, System::nanoTime));
    }

    RetryingObjectStore(ObjectStore store, Duration limit, StoreStanding standing) {
        this.store = store;
        this.limit = limit;
        this.standing = standing;
        this.retry = new Retry(limit);
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public void put(String key, Path file) {
        trying(Wait.of(Access.WRITE, "store", key).more(Wait.toSend(file)), wait -> {
            store.put(key, file);
            return null;
        });
    }

    @Override
    public void put(String key, byte[] content) {
        trying(Wait.of(Access.WRITE, "store", key), wait -> {
            store.put(key, content);
            return null;
        });
    }

    @Override
    public Creation create(String key, byte[] content) {
        return trying(Wait.of(Access.WRITE, "create", key), wait -> store.create(key, content));
    }

    @Override
    public byte[] read(String key) {
        return trying(Wait.of(Access.READ, "read", key), wait -> store.read(key));
    }

    @Override
    public void download(String key, Path target, LongConsumer arrived) {
        trying(Wait.of(Access.READ, "download", key), wait -> {
            store.download(key, target, bytes -> {
                wait.moved();
                arrived.accept(bytes);
            });
            return null;
        });
    }

    @Override
    public List<StoredObject> list(String directory) {
        return listing(directory, () -> store.list(directory));
    }

    @Override
    public List<String> directories(String directory) {
        return listing(directory, () -> store.directories(directory));
    }

    @Override
    public void delete(String key) {
        trying(Wait.of(Access.DELETE, "delete", key), wait -> {
            store.delete(key);
            return null;
        });
    }

    /** Once: it may be allowed for a limited time, which a delay would outlast. */
    @Override
    public Map<String, String> deleteAll(Collection<String> keys) {
        Wait.Kind kind = Wait.of(Access.DELETE, "delete " + keys.size() + " objects of", "")
                .more(Wait.MANY_REQUESTS);
        try {
            return noting(kind, wait -> {
                Map<String, String> left = store.deleteAll(keys);
                if (!left.isEmpty()) {
                    throw new LeftException(location(), left);
                }
                return left;
            });
        } catch (LeftException e) {
            return e.left;
        }
    }

    /** Objects are still there that were to be deleted: the store has failed, though it has answered. */
    private static final class LeftException extends StorageException {

        private static final long serialVersionUID = 1L;

        private final transient Map<String, String> left;

        LeftException(String location, Map<String, String> left) {
            super(describe(location, left.entrySet().iterator().next(), left.size()));
            this.left = left;
        }

        private static String describe(String location, Map.Entry<String, String> first, int count) {
            return "cannot delete " + count + " objects, the first is " + location + "/" + first.getKey() + ": "
                    + first.getValue();
        }
    }

    @Override
    public StoreStatus status() {
        return standing.status();
    }

    @Override
    public ObjectStore inBackground() {
        return new RetryingObjectStore(store.inBackground(), limit, standing);
    }

    @Override
    public void close() {
        store.close();
    }

    private <T> List<T> listing(String directory, Supplier<List<T>> call) {
        List<T> listed = new ArrayList<>();
        Wait.Kind kind = Wait.of(Access.READ, "list", directory).more(Wait.MANY_REQUESTS);
        trying(kind, wait -> listed.addAll(call.get()));
        return listed;
    }

    private <T> T trying(Wait.Kind kind, Function<Wait, T> call) {
        try {
            return retry.call(() -> noting(kind, call));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while trying " + store.location() + " again", e);
        }
    }

    private <T> T noting(Wait.Kind kind, Function<Wait, T> call) {
        Access access = kind.access();
        T answer;
        Wait wait = standing.waits(kind);
        try {
            answer = call.apply(wait);
        } catch (ObjectMissingException e) {
            standing.succeeded(access);
            throw e;
        } catch (StorageException e) {
            standing.failed(access, e);
            throw e;
        } finally {
            standing.over(wait);
        }
        standing.succeeded(access);
        return answer;
    }
}
