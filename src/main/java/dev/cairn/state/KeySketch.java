package dev.cairn.state;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Which keys of a partition come most often, about, in bounded memory: a sample of the records goes into a sketch of
 * frequent items. Two sketches take turns every few minutes, so that a key that has cooled down is forgotten.
 *
 * <p>On the hot path, where it costs a decrement for most records. Used by the loop's thread.
 */
public final class KeySketch {

    /** How long a sketch collects; the counts go back for this long, and at most twice as long. */
    public static final Duration WINDOW = Duration.ofMinutes(5);

    /** The sketch holds three quarters as many keys; its error is some 0.3 % of the records. */
    private static final int SLOTS = 1024;

    /** Longer keys are not followed, because the sketch keeps them. */
    private static final int LONGEST_KEY_BYTES = 1024;

    private static final double SAMPLING_DEVIATIONS = 3;

    private FrequentItems<Key> older = new FrequentItems<>(SLOTS);
    private FrequentItems<Key> newer = new FrequentItems<>(SLOTS);
    private long olderRecords;
    private long newerRecords;
    private long olderSinceNanos;
    private long newerSinceNanos;
    private int stride = 1;
    private int longestStride = 1;
    private int untilSample = 1;
    private long random;

    /** @param nowNanos as of {@link System#nanoTime} */
    public KeySketch(long nowNanos) {
        olderSinceNanos = nowNanos;
        newerSinceNanos = nowNanos;
        random = nowNanos | 1;
    }

    /**
     * Takes note of a record.
     *
     * @param key as it stands in Kafka, may be {@code null}; not changed any more
     */
    public void add(byte[] key) {
        if (--untilSample == 0) {
            sample(key);
        }
    }

    private void sample(byte[] key) {
        newerRecords += stride;
        if (key != null && key.length <= LONGEST_KEY_BYTES) {
            newer.add(new Key(key, KeyHash.of(key)), stride);
        }
        untilSample = nextGap();
    }

    /** Random, because records may come in turns; as long as the stride on average. */
    private int nextGap() {
        if (stride == 1) {
            return 1;
        }
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return 1 + (int) ((random >>> 33) % (2 * stride - 1));
    }

    /** One of how many records is looked at, from here on. */
    public void stride(int records) {
        if (records != stride) {
            stride = records;
            longestStride = Math.max(longestStride, records);
            untilSample = nextGap();
        }
    }

    /** Begins a new window when it is time. */
    public void rotateIfDue(long nowNanos) {
        if (nowNanos - newerSinceNanos >= WINDOW.toNanos()) {
            FrequentItems<Key> empty = older;
            empty.clear();
            older = newer;
            olderRecords = newerRecords;
            olderSinceNanos = newerSinceNanos;
            newer = empty;
            newerRecords = 0;
            newerSinceNanos = nowNanos;
        }
    }

    /** Records that the counts are of, about. */
    public long records() {
        return olderRecords + newerRecords;
    }

    /** Since when they are counted, as of {@link System#nanoTime}. */
    public long sinceNanos() {
        return olderSinceNanos;
    }

    /** The keys that came most often, at most so many, most frequent first. */
    public List<KeyCount> top(int most) {
        FrequentItems<Key> both = newer;
        if (!older.isEmpty()) {
            both = new FrequentItems<>(SLOTS);
            both.addAll(older);
            both.addAll(newer);
        }
        return both.top().stream()
                .limit(most)
                .map(row -> new KeyCount(row.item().bytes, row.count(), row.error() + samplingError(row.count())))
                .toList();
    }

    /** That of a binomial distribution. */
    private long samplingError(long count) {
        return Math.round(SAMPLING_DEVIATIONS * Math.sqrt((double) count * (longestStride - 1)));
    }

    private static final class Key {

        private final byte[] bytes;
        private final int hash;

        Key(byte[] bytes, int hash) {
            this.bytes = bytes;
            this.hash = hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.hash == hash && Arrays.equals(key.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
