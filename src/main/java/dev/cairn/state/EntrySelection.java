package dev.cairn.state;

import java.util.Arrays;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * Which entries of a record key someone asks for, as {@linkplain EntryText people write them}. Without any of the texts: all.
 *
 * @param entry the key of the only one, or {@code null}
 * @param prefix what their keys begin with, or {@code null}
 * @param from the key to begin with, in the direction of reading, or {@code null}
 * @param reversed whether the last ones come first
 * @param limit at most so many, from 1
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EntrySelection(String entry, String prefix, String from, boolean reversed, int limit) {

    /** @throws IllegalArgumentException when the limit is none, or when an entry is to be several */
    public EntrySelection {
        if (limit < 1) {
            throw new IllegalArgumentException("the limit is below 1");
        }
        if (entry != null && (prefix != null || from != null)) {
            throw new IllegalArgumentException("entry asks for one entry: leave it out, or leave out prefix and from");
        }
    }

    /** Whether only some entries count. */
    public boolean namesKeys() {
        return entry != null || prefix != null || from != null;
    }

    /**
     * The entries of a record key.
     *
     * @throws IllegalArgumentException when the state has no entries, or when its keys cannot be these
     */
    public EntryRange in(StateDescriptor state, byte[] recordKey) {
        if (state.holdsOneValue()) {
            if (namesKeys()) {
                throw new IllegalArgumentException("the state '" + state.name() + "' is of the kind " + state.kind()
                        + ", which has one value for a key: leave out entry, prefix and from");
            }
            return EntryRange.of(state, recordKey);
        }
        EntryText keys = EntryText.of(state);
        if (entry != null) {
            byte[] only = KeyLayout.entry(recordKey, keys.bytes("entry", entry));
            return new EntryRange(only, EntryRange.beyond(only), false);
        }
        byte[] first = KeyLayout.entry(recordKey, prefix == null ? new byte[0] : keys.prefix(prefix));
        byte[] end = KeyLayout.after(first);
        if (from != null) {
            byte[] begin = KeyLayout.entry(recordKey, keys.bytes("from", from));
            if (!reversed && Arrays.compareUnsigned(begin, first) > 0) {
                first = begin;
            } else if (reversed && Arrays.compareUnsigned(EntryRange.beyond(begin), end) < 0) {
                end = EntryRange.beyond(begin);
            }
        }
        return new EntryRange(first, end, reversed);
    }
}
