package dev.cairn.worker;

import java.util.Optional;

import dev.cairn.state.EntryPage;
import dev.cairn.state.EntryRange;
import dev.cairn.state.EntrySelection;
import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.ReadTime;
import dev.cairn.state.StateDescriptor;

/**
 * A question whose state is known: what to read for it, and what to answer then.
 *
 * @param key the record's key
 * @param range the entries; {@code null} where the state has one value for a key
 * @param wanted what was asked of them
 * @param time the time for which it was asked
 */
@SuppressWarnings("ArrayRecordComponent") // No one compares them.
record StateRead(StateDescriptor state, byte[] key, EntryRange range, EntrySelection wanted, ReadTime time) {

    /** @throws IllegalArgumentException when the state cannot be asked this */
    static StateRead of(StateQuery query, StateDescriptor state, ReadTime time) {
        EntrySelection wanted = query.entries();
        EntryRange range = wanted == null ? null : wanted.in(state, query.key());
        if (wanted == null && !state.holdsOneValue()) {
            throw new IllegalArgumentException("the state '" + state.name() + "' is of the kind " + state.kind()
                    + ", whose entries are read for one key at a time: send GET with that key");
        }
        return new StateRead(state, query.key(), state.holdsOneValue() ? null : range, wanted, time);
    }

    /** Reads what the last committed checkpoint holds. On any thread. */
    StateAnswer committed(PartitionDatabase database) {
        return range == null
                ? answer(database.value(state, key))
                : answer(database.entries(state, range, wanted.limit()));
    }

    /** Reads what has been processed so far. On the loop's thread, between records. */
    StateAnswer live(KeyedState current) {
        return range == null
                ? answer(current.current(state, key))
                : answer(current.current(state, range, wanted.limit()));
    }

    private StateAnswer answer(Optional<byte[]> value) {
        return value.filter(bytes -> time.shows(state, bytes))
                .<StateAnswer>map(bytes -> new StateAnswer.Found(bytes, state))
                .orElseGet(StateAnswer.Absent::new);
    }

    private StateAnswer answer(EntryPage read) {
        EntryPage page = read.only(value -> time.shows(state, value));
        if (wanted.entry() != null) {
            return answer(page.entries().stream().map(EntryPage.Item::value).findFirst());
        }
        boolean nothing = page.entries().isEmpty() && page.next() == null && !wanted.namesKeys();
        return nothing ? new StateAnswer.Absent() : new StateAnswer.FoundEntries(page, state);
    }
}
