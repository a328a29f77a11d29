package dev.cairn.state;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Some entries of a record key, as their serializers wrote them.
 *
 * @param entries in the order of reading
 * @param next the key to continue from, {@code null} where there is nothing more. The entries end before it because of the
 *     limit, of their size, because some have expired, or because there was too much to go through at a time: there may be none at all
 */
@SuppressWarnings("ArrayRecordComponent") // No one compares them.
public record EntryPage(List<Item> entries, byte[] next) {

    private static final long MAX_BYTES = 1L << 20;
    private static final int MAX_STEPS = 10_000;

    public EntryPage {
        entries = List.copyOf(entries);
    }

    /**
     * An entry.
     *
     * @param key what tells it from the others of its record key
     */
    @SuppressWarnings("ArrayRecordComponent") // As above.
    public record Item(byte[] key, byte[] value) {}

    /** The page without the entries whose values do not fulfil a condition. */
    public EntryPage only(Predicate<byte[]> condition) {
        return new EntryPage(
                entries.stream().filter(entry -> condition.test(entry.value())).toList(), next);
    }

    /** The size of keys and values. */
    public int bytes() {
        return entries.stream()
                .mapToInt(entry -> entry.key().length + entry.value().length)
                .sum();
    }

    /** Collects entries as long as there is room. The first always fits. */
    static final class Builder {

        private final int limit;
        private final List<Item> entries = new ArrayList<>();
        private byte[] next;
        private int steps;
        private long bytes;

        Builder(int limit) {
            this.limit = limit;
        }

        /**
         * The next entry.
         *
         * @param value {@code null} for one that has been removed
         * @return whether it was taken; otherwise the page is complete
         */
        boolean add(byte[] entryKey, byte[] value) {
            byte[] key = KeyLayout.rest(entryKey);
            int size = key.length + (value == null ? 0 : value.length);
            if (entries.size() == limit || steps == MAX_STEPS || (!entries.isEmpty() && bytes + size > MAX_BYTES)) {
                next = key;
                return false;
            }
            steps++;
            if (value != null) {
                bytes += size;
                entries.add(new Item(key, value));
            }
            return true;
        }

        EntryPage build() {
            return new EntryPage(entries, next);
        }
    }
}
