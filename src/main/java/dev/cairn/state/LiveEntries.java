package dev.cairn.state;

import dev.cairn.state.EntryTable.Entry;

/**
 * Reads entries as they are now, what a table has over what RocksDB has, without leaving a trace in the table. On the loop's
 * thread, between records. It goes through a bounded number of entries.
 *
 * @param <T> type of the values
 */
final class LiveEntries<T> {

    private final StateTable<T> table;
    private final EntryRange range;

    private LiveEntries(StateTable<T> table, EntryRange range) {
        this.table = table;
        this.range = range;
    }

    /** At most so many of the entries of a range. */
    static <T> EntryPage of(StateTable<T> table, EntryRange range, int limit) {
        return new LiveEntries<>(table, range).page(new EntryPage.Builder(limit));
    }

    private EntryPage page(EntryPage.Builder page) {
        try (StateScan scan = table.scan(range, StateScan.Reads.BOUNDED)) {
            byte[] stored = next(scan);
            Entry<T> held = following(range.reversed() ? range.to() : range.from(), !range.reversed());
            while (stored != null || held != null) {
                int order = held == null ? -1 : stored == null ? 1 : range.compare(stored, held.key);
                boolean added = order < 0
                        ? page.add(stored, scan.value())
                        : page.add(held.key, held.value == null ? null : table.serialize(held.value));
                if (!added) {
                    break;
                }
                if (order <= 0) {
                    stored = next(scan);
                }
                if (order >= 0) {
                    held = following(held.key, false);
                }
            }
        }
        return page.build();
    }

    private static byte[] next(StateScan scan) {
        return scan != null && scan.next() ? scan.key() : null;
    }

    private Entry<T> following(byte[] position, boolean inclusive) {
        Entry<T> held = table.following(position, inclusive, range.reversed());
        return held != null && range.contains(held.key) ? held : null;
    }
}
