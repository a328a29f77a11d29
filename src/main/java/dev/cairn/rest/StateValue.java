package dev.cairn.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A key's value, or that of an entry in a map or a list.
 *
 * @param state the state
 * @param key the key, as it was asked for
 * @param partition where it was found
 * @param worker who has said so
 * @param consistency which state was read: {@code committed} or {@code live}
 * @param entry the entry, as it was asked for; absent where the key has one value
 * @param value the value
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StateValue(
        String state, String key, int partition, String worker, String consistency, String entry, JsonNode value)
        implements StateFound {}
