package dev.cairn.storage;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the last calls to a store say of it. Immutable.
 *
 * @param sinceContact how long ago a call last succeeded; empty where none has, or where no one keeps count
 * @param failing the kinds of calls whose last attempt failed, writes first; empty while all is well
 */
public record StoreStatus(Optional<Duration> sinceContact, List<StoreFailure> failing) {

    /** Of a store of which no one keeps count. */
    public static final StoreStatus UNKNOWN = new StoreStatus(Optional.empty(), List.of());

    public StoreStatus {
        failing = List.copyOf(failing);
    }

    /** The failure of writes, if there is one: without them there are no checkpoints. */
    public Optional<StoreFailure> failingWrites() {
        return failing.stream()
                .filter(failure -> failure.access() == StoreFailure.Access.WRITE)
                .findFirst();
    }
}
