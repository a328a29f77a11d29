package dev.cairn.storage;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** A store to look at: whatever would change it is an {@link UnsupportedOperationException}. */
final class ReadOnlyObjectStore implements ObjectStore {

    private final ObjectStore store;

    ReadOnlyObjectStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public void put(String key, Path file) {
        throw readOnly();
    }

    @Override
    public void put(String key, byte[] content) {
        throw readOnly();
    }

    @Override
    public Creation create(String key, byte[] content) {
        throw readOnly();
    }

    @Override
    public byte[] read(String key) {
        return store.read(key);
    }

    @Override
    public void download(String key, Path target, LongConsumer arrived) {
        store.download(key, target, arrived);
    }

    @Override
    public List<StoredObject> list(String directory) {
        return store.list(directory);
    }

    @Override
    public List<String> directories(String directory) {
        return store.directories(directory);
    }

    @Override
    public void delete(String key) {
        throw readOnly();
    }

    @Override
    public StoreStatus status() {
        return store.status();
    }

    @Override
    public Map<String, String> deleteAll(Collection<String> keys) {
        throw readOnly();
    }

    @Override
    public void close() {
        store.close();
    }

    private UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException(location() + " is opened to read only");
    }
}
