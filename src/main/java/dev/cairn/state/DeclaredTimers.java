package dev.cairn.state;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

import dev.cairn.api.Timers;
import dev.cairn.state.EntryTable.Entry;

/**
 * Timers of one name: by key, so that one can be replaced, and by time, so that the next is found. A processor sees {@link
 * Timers}; {@link #nextTime}, {@link #nextKey} and {@link #fired} are for what fires them.
 */
public final class DeclaredTimers extends DeclaredState implements Timers {

    /** No timer is set to this time, because it never comes. */
    public static final long NEVER = TimeIndex.NONE;

    private final StateTable<Long> table;
    private final TimeIndex index;
    private final LongSupplier now;
    private final PartitionTime time;

    private long pending = NEVER;
    private boolean hasPending;

    DeclaredTimers(KeyedState owner, StateTable<Long> table, TimeIndex index, LongSupplier now, PartitionTime time) {
        super(owner, table.descriptor());
        this.table = table;
        this.index = index;
        this.now = now;
        this.time = time;
    }

    @Override
    public void set(Instant time) {
        set(time.toEpochMilli());
    }

    @Override
    public void set(long millis) {
        change(millis);
    }

    @Override
    public void delete() {
        change(NEVER);
    }

    private void change(long millis) {
        // Read now, because the database may fail, and a record that is kept must not.
        committed(requireKey());
        pending = millis;
        hasPending = true;
        touch();
    }

    @Override
    public OptionalLong at() {
        byte[] key = requireKey();
        long time = hasPending ? pending : committed(key);
        return time == NEVER ? OptionalLong.empty() : OptionalLong.of(time);
    }

    @Override
    public long now() {
        requireKey();
        return now.getAsLong();
    }

    /** What the key's timer was before the record in process. */
    private long committed(byte[] key) {
        if (table.held == null) {
            table.held = table.read(entryKey(key));
        }
        Entry<Long> entry = table.held;
        return entry == null || entry.value == null ? NEVER : entry.value;
    }

    private byte[] entryKey(byte[] key) {
        return KeyLayout.single(table.descriptor(), key);
    }

    @Override
    void keep() {
        byte[] key = requireKey();
        long before = committed(key);
        if (before == pending) {
            return;
        }
        if (before != NEVER) {
            index.remove(before, key);
            time.addTimers(-1);
        }
        if (pending != NEVER) {
            index.put(pending, key);
            time.addTimers(1);
        }
        Long set = pending == NEVER ? null : pending;
        if (table.held == null) {
            table.put(entryKey(key), set);
        } else {
            table.put(table.held, set);
        }
    }

    @Override
    void endRecord() {
        super.endRecord();
        table.held = null;
        hasPending = false;
        pending = NEVER;
    }

    /**
     * The time of the earliest timer, or {@link #NEVER}. Between records.
     *
     * @throws LocalStateException when the database is damaged or the disk fails
     */
    public long nextTime() {
        return index.nextTime();
    }

    /** The key of the earliest timer, as it stood in Kafka. Between records; there must be one. */
    public byte[] nextKey() {
        return index.nextKey();
    }

    /** The timer of the key in process fires: it is gone when the record is kept. */
    public void fired() {
        delete();
    }
}
