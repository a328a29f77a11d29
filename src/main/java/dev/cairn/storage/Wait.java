package dev.cairn.storage;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.cairn.storage.StoreFailure.Access;

/** A call to a store that has had no answer yet. Made by one thread, looked at by others. */
final class Wait {

    /** Of a call that sends little and asks for little. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** More for a call that makes many requests, each of which has a time-out of its own. */
    static final Duration MANY_REQUESTS = Duration.ofSeconds(50);

    private static final long BYTES_PER_SECOND = 1 << 20;

    private final Kind kind;
    private final LongSupplier nanoTime;
    private final long beganNanos;
    private volatile long movedNanos;
    private volatile boolean noticed;

    /**
     * What a call is about.
     *
     * @param what is attempted, as a verb
     * @param key of what, or a number of things
     * @param patience how long it may take until it counts as a failure of the store
     */
    record Kind(Access access, String what, String key, Duration patience) {

        Kind more(Duration time) {
            return new Kind(access, what, key, patience.plus(time));
        }
    }

    Wait(Kind kind, LongSupplier nanoTime) {
        this.kind = kind;
        this.nanoTime = nanoTime;
        this.beganNanos = nanoTime.getAsLong();
        this.movedNanos = beganNanos;
    }

    static Kind of(Access access, String what, String key) {
        return new Kind(access, what, key, PATIENCE);
    }

    /** What a slow line needs for so many bytes. */
    static Duration toSend(long bytes) {
        return Duration.ofSeconds(bytes / BYTES_PER_SECOND);
    }

    /** A part of the answer has come. */
    void moved() {
        movedNanos = nanoTime.getAsLong();
        noticed = false;
    }

    Access access() {
        return kind.access();
    }

    long sinceNanos() {
        return movedNanos;
    }

    boolean isOverdue(long now) {
        return now - movedNanos >= kind.patience().toNanos();
    }

    /** Notes that it is overdue. @return whether that is news */
    boolean notice() {
        boolean first = !noticed;
        noticed = true;
        return first;
    }

    StorageException failure(String location, long now) {
        return new StorageException("cannot " + kind.what() + " " + location
                + (kind.key().isEmpty() ? "" : "/" + kind.key()) + ": the store has not answered for "
                + Duration.ofNanos(now - movedNanos).toSeconds() + " s");
    }
}
