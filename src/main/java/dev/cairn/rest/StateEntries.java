package dev.cairn.rest;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * Some entries of a map or a list.
 *
 * @param state the state
 * @param key the key, as it was asked for
 * @param partition where they were found
 * @param worker who has said so
 * @param consistency which state was read: {@code committed} or {@code live}
 * @param entries in the order that was asked for
 * @param next the value of {@code from} that continues; absent where there is nothing more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StateEntries(
        String state, String key, int partition, String worker, String consistency, List<Entry> entries, String next)
        implements StateFound {

    /**
     * An entry.
     *
     * @param entry its key in a map, or its number in a list
     * @param value the value
     */
    public record Entry(JsonNode entry, JsonNode value) {}
}
