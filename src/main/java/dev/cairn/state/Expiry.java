package dev.cairn.state;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import dev.cairn.api.Ttl;

/**
 * When values of a state expire, and which are due to be deleted.
 *
 * <p>An index by time has one entry for each value, in buckets of a sixteenth of the TTL. It is set when the value appears,
 * and stays while the value is written again: only when its time has come, it is looked whether the value lives longer, and
 * the entry moves on. So a value that is written often moves once in a TTL, and a write costs no second entry. For a list,
 * there is one entry for all of its elements, which expire in their order.
 *
 * <p>A value that is written before there is any watermark is {@link #UNDATED}. It lives, and is dated once there is one.
 *
 * <p>Used by the loop's thread only.
 *
 * @param <T> type of the values
 */
final class Expiry<T> extends DeclaredState {

    /** The time of a value that was written when there was no time yet. */
    static final long UNDATED = PartitionTime.NONE;

    private static final int BUCKETS = 16;

    private final long duration;
    private final long bucket;
    private final boolean refreshed;
    private final LongSupplier clock;
    private final TimeIndex index;
    private final List<byte[]> appeared = new ArrayList<>();

    /** The same for all uses by a record. */
    private long now;

    private boolean nowIsKnown;

    Expiry(KeyedState owner, StateDescriptor state, Ttl ttl, TimeIndex index, LongSupplier clock) {
        super(owner, state);
        this.duration = ttl.duration().toMillis();
        this.bucket = Math.max(1, duration / BUCKETS);
        this.refreshed = ttl.isRefreshedByReads();
        this.index = index;
        this.clock = clock;
    }

    /** The time for the record in process. */
    private long now() {
        if (!nowIsKnown) {
            now = clock.getAsLong();
            nowIsKnown = true;
        }
        return now;
    }

    /** Whether a time lies ahead. */
    static boolean isAhead(long expires, long now) {
        return expires > now || expires == UNDATED;
    }

    /** The value, or {@code null} where there is none or where it has expired. */
    T alive(Expiring<T> held) {
        return held != null && isAhead(held.expires(), now()) ? held.value() : null;
    }

    /** Whether a value that is read must be written again, so that it lives longer. */
    boolean isRefreshing(Expiring<T> read) {
        return refreshed
                && read.expires() != UNDATED
                && now() != PartitionTime.NONE
                && now() + duration - read.expires() >= bucket;
    }

    /** Whether the index has no entry for a value, or, after the TTL was shortened, only one for the former that is later. */
    static boolean isFoundTooLate(Expiring<?> former, Expiring<?> written) {
        return former == null || written.expires() < former.expires();
    }

    /** A value that is written now. */
    Expiring<T> written(T value) {
        return new Expiring<>(expiresIfWritten(), value);
    }

    /** A value that is written now, and does not expire before the one that it follows, which may be {@code null}. */
    Expiring<T> writtenAfter(Expiring<T> former, T value) {
        long expires = expiresIfWritten();
        return new Expiring<>(former == null ? expires : Math.max(expires, former.expires()), value);
    }

    private long expiresIfWritten() {
        return now() == PartitionTime.NONE ? UNDATED : now() + duration;
    }

    /**
     * The record in process writes a value where there was none.
     *
     * @param key its key in the index
     */
    void appears(byte[] key) {
        appeared.add(key);
        touch();
    }

    @Override
    void keep() {
        for (byte[] key : appeared) {
            index.include(bucketOf(expiresIfWritten()), key);
        }
    }

    @Override
    void endRecord() {
        super.endRecord();
        appeared.clear();
        nowIsKnown = false;
    }

    /** The end of the bucket, at which all that is in it has expired. */
    private long bucketOf(long expires) {
        return expires == UNDATED ? UNDATED : Math.floorDiv(expires, bucket) * bucket + bucket;
    }

    /**
     * Deletes what has expired. Between records.
     *
     * @param most how many entries of the index at most
     * @return how many there were
     * @throws LocalStateException when the database is damaged or the disk fails
     */
    int deleteExpired(Expirable state, int most) {
        long time = clock.getAsLong();
        int done = 0;
        // Before there is any time, what is undated is not due.
        while (done < most && time != PartitionTime.NONE) {
            long due = index.nextTime();
            if (due == TimeIndex.NONE || due > time) {
                break;
            }
            byte[] key = index.nextKey();
            long next = state.deleteExpired(key, time, time + duration);
            index.exclude(due, key);
            if (next != Expirable.NOTHING) {
                index.include(bucketOf(next), key);
            }
            done++;
        }
        return done;
    }
}
