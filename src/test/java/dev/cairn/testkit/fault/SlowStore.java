package dev.cairn.testkit.fault;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.storage.StoredObject;

/** A store that takes so long for each request, however many are under way. Thread-safe. */
public final class SlowStore implements ObjectStore {

    private final ObjectStore store;
    private final Duration delay;
    private final LongAdder requests = new LongAdder();
    private final LongAdder deletions = new LongAdder();

    /** Over a store that is as fast as it is. */
    public SlowStore(ObjectStore store, Duration delay) {
        this.store = store;
        this.delay = delay;
    }

    /** Requests so far. */
    public long requests() {
        return requests.sum();
    }

    /** Those of them that deleted objects. */
    public long deletions() {
        return deletions.sum();
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public void put(String key, Path file) {
        pause();
        store.put(key, file);
    }

    @Override
    public void put(String key, byte[] content) {
        pause();
        store.put(key, content);
    }

    @Override
    public Creation create(String key, byte[] content) {
        pause();
        return store.create(key, content);
    }

    @Override
    public byte[] read(String key) {
        pause();
        return store.read(key);
    }

    @Override
    public void download(String key, Path target, LongConsumer arrived) {
        pause();
        store.download(key, target, arrived);
    }

    @Override
    public List<StoredObject> list(String directory) {
        pause();
        return store.list(directory);
    }

    @Override
    public List<String> directories(String directory) {
        pause();
        return store.directories(directory);
    }

    @Override
    public void delete(String key) {
        deletions.increment();
        pause();
        store.delete(key);
    }

    @Override
    public Map<String, String> deleteAll(Collection<String> keys) {
        deletions.increment();
        pause();
        return store.deleteAll(keys);
    }

    @Override
    public void close() {
        store.close();
    }

    private void pause() {
        requests.increment();
        try {
            TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted in a request", e);
        }
    }
}
