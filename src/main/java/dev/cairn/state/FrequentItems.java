package dev.cairn.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Counts the items that come most often in a stream, in bounded memory. The algorithm is that of Misra and Gries: a table
 * counts the items that it holds, and when it is full, every count is lowered by their median and what falls to zero
 * leaves. What was taken away is the error: a true count lies between the count that is left and that count plus the error.
 *
 * <p>Linear probing in two arrays. Not safe for use by several threads.
 *
 * @param <T> items, which have {@code equals} and a well-spread {@code hashCode}
 */
final class FrequentItems<T> {

    /** Probing gets slow in a fuller table. */
    private static final double MAX_LOAD = 0.75;

    private final int capacity;
    private final Object[] items;
    private final long[] counts;
    private int size;
    private long error;

    /** @param slots a power of two; three quarters as many items are held */
    FrequentItems(int slots) {
        if (Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("slots must be a power of two: " + slots);
        }
        capacity = (int) (slots * MAX_LOAD);
        items = new Object[slots];
        counts = new long[slots];
    }

    /**
     * An item with its estimate.
     *
     * @param count at least as often as it came
     * @param error how much too high the count may be
     */
    record Item<T>(T item, long count, long error) {}

    void add(T item, long times) {
        int slot = slotOf(item);
        if (items[slot] == null) {
            if (size == capacity) {
                lower();
                slot = slotOf(item);
            }
            items[slot] = item;
            size++;
        }
        counts[slot] += times;
    }

    /** Adds what another one has counted. Their errors add up. */
    void addAll(FrequentItems<T> other) {
        for (int slot = 0; slot < other.items.length; slot++) {
            if (other.items[slot] != null) {
                add(other.itemAt(slot), other.counts[slot]);
            }
        }
        error += other.error;
    }

    /** The items that may have come more often than the error, most frequent first. */
    List<Item<T>> top() {
        List<Item<T>> top = new ArrayList<>(size);
        for (int slot = 0; slot < items.length; slot++) {
            if (items[slot] != null) {
                top.add(new Item<>(itemAt(slot), counts[slot] + error, error));
            }
        }
        top.sort(Comparator.comparingLong((Item<T> item) -> item.count()).reversed());
        return top;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        Arrays.fill(items, null);
        Arrays.fill(counts, 0);
        size = 0;
        error = 0;
    }

    /** Where the item is, or the free slot where it belongs. */
    private int slotOf(T item) {
        int mask = items.length - 1;
        int slot = item.hashCode() & mask;
        while (items[slot] != null && !items[slot].equals(item)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Makes room: at least half of the items leave, so that this happens seldom. */
    private void lower() {
        Object[] oldItems = items.clone();
        long[] oldCounts = counts.clone();
        long median = medianCount();
        Arrays.fill(items, null);
        Arrays.fill(counts, 0);
        size = 0;
        error += median;
        for (int old = 0; old < oldItems.length; old++) {
            if (oldItems[old] != null && oldCounts[old] > median) {
                @SuppressWarnings("unchecked") // Only items of T come in.
                T item = (T) oldItems[old];
                int slot = slotOf(item);
                items[slot] = item;
                counts[slot] = oldCounts[old] - median;
                size++;
            }
        }
    }

    private long medianCount() {
        long[] sorted = new long[size];
        int next = 0;
        for (int slot = 0; slot < items.length; slot++) {
            if (items[slot] != null) {
                sorted[next++] = counts[slot];
            }
        }
        Arrays.sort(sorted);
        return sorted[size / 2];
    }

    @SuppressWarnings("unchecked") // Only items of T come in.
    private T itemAt(int slot) {
        return (T) items[slot];
    }
}
