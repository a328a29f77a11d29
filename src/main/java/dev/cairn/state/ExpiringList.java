package dev.cairn.state;

import java.util.Iterator;
import java.util.function.Predicate;

import dev.cairn.api.ListState;

/**
 * A state of elements in the order in which they were added, for every record key, each of which expires. None does before
 * those that were added earlier: so what has expired is at the beginning.
 *
 * @param elements with their times, those that have expired left out of iteration
 * @param expiry when they expire
 * @param owner begins records
 * @param <T> type of the elements
 */
record ExpiringList<T>(DeclaredList<Expiring<T>> elements, Expiry<T> expiry, KeyedState owner)
        implements ListState<T>, Expirable {

    /** How many elements are deleted or dated at once. */
    private static final int AT_ONCE = 64;

    private static final byte[] NO_REST = {};

    @Override
    public void add(T value) {
        byte[] key = elements.requireKey();
        Expiring<T> last = elements.last();
        elements.add(value == null ? null : expiry.writtenAfter(last, value));
        if (last == null) {
            expiry.appears(KeyLayout.entry(key, NO_REST));
        }
    }

    @Override
    public long size() {
        return elements.size() - expired();
    }

    /** How many elements have expired: those before the first one that has not. */
    private long expired() {
        return beginning(element -> expiry.alive(element) == null);
    }

    /** How many elements fulfil a condition, if those that do are all before those that do not. */
    private long beginning(Predicate<Expiring<T>> condition) {
        long size = elements.size();
        if (size == 0 || !condition.test(elements.get(0))) {
            return 0;
        }
        long low = 1;
        long high = size;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (condition.test(elements.get(middle))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public T last() {
        return expiry.alive(elements.last());
    }

    @Override
    public void keepLast(long most) {
        elements.keepLast(most);
    }

    @Override
    public Iterator<T> iterator() {
        return values(elements.iterator());
    }

    @Override
    public Iterable<T> reversed() {
        Iterable<Expiring<T>> reversed = elements.reversed();
        return () -> values(reversed.iterator());
    }

    private Iterator<T> values(Iterator<Expiring<T>> alive) {
        return new Iterator<>() {

            @Override
            public boolean hasNext() {
                return alive.hasNext();
            }

            @Override
            public T next() {
                return alive.next().value();
            }
        };
    }

    @Override
    public long deleteExpired(byte[] key, long now, long dated) {
        owner.beginRecord(KeyLayout.recordKey(key));
        try {
            long size = elements.size();
            long done = 0;
            Expiring<T> first = size == 0 ? null : elements.get(0);
            while (done < size && done < AT_ONCE && !Expiry.isAhead(first.expires(), now)) {
                done++;
                first = done < size ? elements.get(done) : null;
            }
            elements.keepLast(size - done);
            // The last ones first: as long as the first one is undated, there are more.
            long undated = beginning(element -> element.expires() == Expiry.UNDATED);
            long date = undated > 0 && undated < size - done
                    ? Math.min(dated, elements.get(undated).expires())
                    : dated;
            for (long i = undated - 1; i >= Math.max(0, undated - AT_ONCE); i--) {
                elements.set(i, new Expiring<>(date, elements.get(i).value()));
            }
            long next = size == done ? NOTHING : elements.get(0).expires();
            owner.keepRecord();
            return next;
        } finally {
            owner.dropRecord();
        }
    }
}
