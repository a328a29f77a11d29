package dev.cairn.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;

import dev.cairn.state.Decoder;
import dev.cairn.state.StateDescriptor;

/**
 * An entry of a state, decoded.
 *
 * @param partition the partition that it is in
 * @param state the state
 * @param key the record's key
 * @param entry what tells it from the others of the record's key: the key in a map, the number in a list; otherwise {@code
 *     null}
 * @param value the value
 */
@JsonPropertyOrder({"partition", "state", "key", "entry", "value"})
@JsonInclude(JsonInclude.Include.NON_NULL)
record StateEntry(int partition, String state, JsonNode key, JsonNode entry, JsonNode value) {

    private static final Decoder KEYS = Decoder.ofKeys();

    /**
     * Decodes an entry.
     *
     * @param entryKey its stored key without the state's id
     */
    static StateEntry of(int partition, StateDescriptor state, byte[] entryKey, byte[] value) {
        return new StateEntry(
                partition,
                state.name(),
                KEYS.decode(state.recordKey(entryKey)),
                state.restOf(entryKey)
                        .map(rest -> Decoder.ofEntries(state).decode(rest))
                        .orElse(null),
                Decoder.ofValues(state).decode(value));
    }

    /** The value as text, behind what tells it from others. */
    String asText() {
        return entry == null ? Decoder.asText(value) : Decoder.asText(entry) + ": " + Decoder.asText(value);
    }
}
