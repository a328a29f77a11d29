package dev.cairn.testkit.store;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StoredObject;

/** A store that does what another one does, apart from what a test makes it do. */
public class ForwardingObjectStore implements ObjectStore {

    private final ObjectStore store;

    /** @param store is closed with this one */
    public ForwardingObjectStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public void put(String key, Path file) {
        store.put(key, file);
    }

    @Override
    public void put(String key, byte[] content) {
        store.put(key, content);
    }

    @Override
    public Creation create(String key, byte[] content) {
        return store.create(key, content);
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
        store.delete(key);
    }

    @Override
    public Map<String, String> deleteAll(Collection<String> keys) {
        return store.deleteAll(keys);
    }

    @Override
    public void close() {
        store.close();
    }
}
