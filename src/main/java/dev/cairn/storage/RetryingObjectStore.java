package dev.cairn.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import io.smallrye.faulttolerance.api.Guard;

/**
 * Tries again what may pass: with growing delays, up to a limit per call. An interrupt ends the trying.
 */
public final class RetryingObjectStore implements ObjectStore {

    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long LAST_DELAY_MILLIS = 5_000;
    private static final long JITTER_MILLIS = 50;
    private static final long SHORTEST_LIMIT_MILLIS = 2_000;

    private final ObjectStore store;
    private final Guard guard;

    /** @param limit how long a call may take in all before its last failure is passed on */
    public RetryingObjectStore(ObjectStore store, Duration limit) {
        this.store = store;
        long mostMillis = Math.max(SHORTEST_LIMIT_MILLIS, limit.toMillis());
        this.guard = Guard.create()
                .withRetry()
                .maxRetries(-1)
                .delay(FIRST_DELAY_MILLIS, ChronoUnit.MILLIS)
                .jitter(JITTER_MILLIS, ChronoUnit.MILLIS)
                .maxDuration(mostMillis, ChronoUnit.MILLIS)
                .retryOn(StorageException.class)
                .abortOn(ObjectMissingException.class)
                .withExponentialBackoff()
                .maxDelay(Math.min(LAST_DELAY_MILLIS, mostMillis - 1), ChronoUnit.MILLIS)
                .done()
                .done()
                .build();
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public void put(String key, Path file) {
        trying(
                () -> {
                    store.put(key, file);
                    return null;
                },
                Void.class);
    }

    @Override
    public void put(String key, byte[] content) {
        trying(
                () -> {
                    store.put(key, content);
                    return null;
                },
                Void.class);
    }

    @Override
    public Creation create(String key, byte[] content) {
        return trying(() -> store.create(key, content), Creation.class);
    }

    @Override
    public byte[] read(String key) {
        return trying(() -> store.read(key), byte[].class);
    }

    @Override
    public void download(String key, Path target, LongConsumer arrived) {
        trying(
                () -> {
                    store.download(key, target, arrived);
                    return null;
                },
                Void.class);
    }

    @Override
    public List<StoredObject> list(String directory) {
        return listing(() -> store.list(directory));
    }

    @Override
    public List<String> directories(String directory) {
        return listing(() -> store.directories(directory));
    }

    @Override
    public void delete(String key) {
        trying(
                () -> {
                    store.delete(key);
                    return null;
                },
                Void.class);
    }

    @Override
    public void close() {
        store.close();
    }

    private <T> List<T> listing(Supplier<List<T>> call) {
        List<T> listed = new ArrayList<>();
        trying(() -> listed.addAll(call.get()), Boolean.class);
        return listed;
    }

    private <T> T trying(Callable<T> call, Class<T> type) {
        try {
            return guard.call(call, type);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while trying " + store.location() + " again", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new StorageException("cannot use " + store.location() + ": " + e.getMessage(), e);
        }
    }
}
