package dev.cairn.storage;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;

import dev.cairn.storage.StoreFailure.Access;

/**
 * Tries again what may pass: with growing delays, up to a limit per call. An interrupt ends the trying, and so does a
 * failure that is permanent. {@link #status} says what fails at the moment.
 */
public final class RetryingObjectStore extends AroundObjectStore {

    private final Duration limit;
    private final Retry retry;
    private final StoreStanding standing;

    /**
     * For a command: its last failure is all that is said.
     *
     * @param limit how long a call may last before its last failure is passed on
     */
    public RetryingObjectStore(ObjectStore store, Duration limit) {
        this(store, limit, StoreStanding.silent(store.location()));
    }

    /**
     * For a worker, which logs failures while they last.
     *
     * @param limit how long a call may last before its last failure is passed on
     * @param limitText the limit as people know it: {@code execution.checkpointing.timeout=5min}
     */
    public RetryingObjectStore(ObjectStore store, Duration limit, String limitText) {
        this(store, limit, StoreStanding.logging(store.location(), limitText, System::nanoTime));
    }

    RetryingObjectStore(ObjectStore store, Duration limit, StoreStanding standing) {
        super(store);
        this.limit = limit;
        this.standing = standing;
        this.retry = new Retry(limit);
    }

    @Override
    <T> T around(Call<T> call) {
        try {
            return retry.call(() -> noting(kind(call), call.run()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while trying " + location() + " again", e);
        }
    }

    private static Wait.Kind kind(Call<?> call) {
        String key = call.key();
        return switch (call.request()) {
            case PUT -> Wait.of(Access.WRITE, "store", key).more(Wait.toSend(call.sends()));
            case CREATE -> Wait.of(Access.WRITE, "create", key);
            case READ -> Wait.of(Access.READ, "read", key);
            case DOWNLOAD -> Wait.of(Access.READ, "download", key);
            case LIST -> Wait.of(Access.READ, "list", key).more(Wait.MANY_REQUESTS);
            case DELETE -> Wait.of(Access.DELETE, "delete", key);
        };
    }

    /** Once: it may be allowed for a limited time, which a delay would outlast. */
    @Override
    public Map<String, String> deleteAll(Collection<String> keys) {
        Wait.Kind kind = Wait.of(Access.DELETE, "delete " + keys.size() + " objects of", "")
                .more(Wait.MANY_REQUESTS);
        try {
            return noting(kind, moved -> {
                Map<String, String> left = below().deleteAll(keys);
                if (!left.isEmpty()) {
                    throw new LeftException(location(), left);
                }
                return left;
            });
        } catch (LeftException e) {
            return e.left;
        }
    }

    /** Objects are still there that should have been deleted: the store has failed, though it has answered. */
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
        return new RetryingObjectStore(below().inBackground(), limit, standing);
    }

    private <T> T noting(Wait.Kind kind, Function<LongConsumer, T> call) {
        Access access = kind.access();
        T answer;
        Wait wait = standing.waits(kind);
        try {
            answer = call.apply(bytes -> wait.moved());
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
