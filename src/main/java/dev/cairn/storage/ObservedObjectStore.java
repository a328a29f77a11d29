package dev.cairn.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import dev.cairn.storage.StoreListener.Request;
import dev.cairn.storage.StoreListener.Result;

/** A store that reports every request to a listener: each attempt by itself, below the retries. */
public final class ObservedObjectStore implements ObjectStore {

    private final ObjectStore store;
    private final StoreListener listener;

    /** @param store is asked, and closed with this one */
    public ObservedObjectStore(ObjectStore store, StoreListener listener) {
        this.store = store;
        this.listener = listener;
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public void put(String key, Path file) {
        run(Request.PUT, () -> store.put(key, file), () -> size(file));
    }

    @Override
    public void put(String key, byte[] content) {
        run(Request.PUT, () -> store.put(key, content), () -> content.length);
    }

    @Override
    public Creation create(String key, byte[] content) {
        return ask(
                Request.CREATE,
                () -> store.create(key, content),
                creation -> creation == Creation.CREATED ? Result.OK : Result.EXISTS,
                creation -> creation == Creation.CREATED ? content.length : 0);
    }

    @Override
    public byte[] read(String key) {
        return ask(Request.READ, () -> store.read(key), content -> Result.OK, content -> content.length);
    }

    @Override
    public void download(String key, Path target, LongConsumer arrived) {
        run(Request.DOWNLOAD, () -> store.download(key, target, arrived), () -> size(target));
    }

    @Override
    public List<StoredObject> list(String directory) {
        return ask(Request.LIST, () -> store.list(directory), objects -> Result.OK, objects -> 0);
    }

    @Override
    public List<String> directories(String directory) {
        return ask(Request.LIST, () -> store.directories(directory), names -> Result.OK, names -> 0);
    }

    @Override
    public void delete(String key) {
        run(Request.DELETE, () -> store.delete(key), () -> 0);
    }

    @Override
    public ObjectStore inBackground() {
        return new ObservedObjectStore(store.inBackground(), listener);
    }

    @Override
    public Map<String, String> deleteAll(Collection<String> keys) {
        return ask(
                Request.DELETE,
                () -> store.deleteAll(keys),
                left -> left.isEmpty() ? Result.OK : Result.FAILED,
                left -> 0);
    }

    @Override
    public void close() {
        store.close();
    }

    private void run(Request request, Runnable call, Supplier<Number> bytes) {
        ask(
                request,
                () -> {
                    call.run();
                    return bytes.get().longValue();
                },
                size -> Result.OK,
                size -> size);
    }

    private <T> T ask(Request request, Supplier<T> call, Function<T, Result> result, ToLongFunction<T> bytes) {
        long began = System.nanoTime();
        T answer;
        try {
            answer = call.get();
        } catch (ObjectMissingException e) {
            listener.ended(request, Result.MISSING, since(began), 0);
            throw e;
        } catch (RuntimeException | Error e) {
            listener.ended(request, Result.FAILED, since(began), 0);
            throw e;
        }
        listener.ended(request, result.apply(answer), since(began), bytes.applyAsLong(answer));
        return answer;
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** The file is the caller's, who may have taken it away again. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
