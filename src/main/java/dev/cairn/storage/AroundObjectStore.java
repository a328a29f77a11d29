package dev.cairn.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import dev.cairn.storage.StoreListener.Request;

/** A store that does the same around every request to another store, which is closed with this one. */
abstract class AroundObjectStore implements ObjectStore {

    private final ObjectStore store;

    AroundObjectStore(ObjectStore store) {
        this.store = store;
    }

    /**
     * A request to the store below.
     *
     * @param key of the object or the directory; empty for several objects
     * @param sends how many bytes go to the store
     * @param run makes the request; its argument is told of bytes that have gone to the store or have come from it, also by
     *     other threads
     */
    record Call<T>(Request request, String key, long sends, Function<LongConsumer, T> run) {}

    /** Makes the request, once or several times, or fails. */
    abstract <T> T around(Call<T> call);

    final ObjectStore below() {
        return store;
    }

    @Override
    public final String location() {
        return store.location();
    }

    @Override
    public final void put(String key, Path file) {
        put(key, size(file), () -> store.put(key, file));
    }

    @Override
    public final void put(String key, byte[] content) {
        put(key, content.length, () -> store.put(key, content));
    }

    private void put(String key, long bytes, Runnable put) {
        around(new Call<>(Request.PUT, key, bytes, moved -> {
            put.run();
            moved.accept(bytes);
            return null;
        }));
    }

    @Override
    public final Creation create(String key, byte[] content) {
        return around(new Call<>(Request.CREATE, key, content.length, moved -> {
            Creation creation = store.create(key, content);
            if (creation == Creation.CREATED) {
                moved.accept(content.length);
            }
            return creation;
        }));
    }

    @Override
    public final byte[] read(String key) {
        return around(new Call<>(Request.READ, key, 0, moved -> {
            byte[] content = store.read(key);
            moved.accept(content.length);
            return content;
        }));
    }

    @Override
    public final void download(String key, Path target, LongConsumer arrived) {
        around(new Call<>(Request.DOWNLOAD, key, 0, moved -> {
            store.download(key, target, moved.andThen(arrived));
            return null;
        }));
    }

    @Override
    public final List<StoredObject> list(String directory) {
        return list(directory, () -> store.list(directory));
    }

    @Override
    public final List<String> directories(String directory) {
        return list(directory, () -> store.directories(directory));
    }

    private <T> List<T> list(String directory, Supplier<List<T>> list) {
        return around(new Call<>(Request.LIST, directory, 0, moved -> list.get()));
    }

    @Override
    public final void delete(String key) {
        around(new Call<>(Request.DELETE, key, 0, moved -> {
            store.delete(key);
            return null;
        }));
    }

    @Override
    public Map<String, String> deleteAll(Collection<String> keys) {
        return around(new Call<>(Request.DELETE, "", 0, moved -> store.deleteAll(keys)));
    }

    @Override
    public StoreStatus status() {
        return store.status();
    }

    @Override
    public final void close() {
        store.close();
    }

    /** The call that reads a missing file reports it. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
