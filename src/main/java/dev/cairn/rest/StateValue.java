package dev.cairn.rest;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a state has for a key: a value, or the entries of a map or a list.
 *
 * @param state the state
 * @param key the key, as it was asked for
 * @param partition where it was found
 * @param worker who has said so
 * @param consistency which state was read: {@code committed} or {@code live}
 * @param entry the entry, as it was asked for; absent where it was not
 * @param value the value, or that of the entry; absent where there are entries
 * @param entries some of the entries; absent where there is a value
 * @param next what {@code from} has to be to continue; absent where there is nothing more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StateValue(
        @JsonProperty("state") String state,
        @JsonProperty("key") String key,
        @JsonProperty("partition") int partition,
        @JsonProperty("worker") String worker,
        @JsonProperty("consistency") String consistency,
        @JsonProperty("entry") String entry,
        @JsonProperty("value") JsonNode value,
        @JsonProperty("entries") List<Entry> entries,
        @JsonProperty("next") String next) {

    /**
     * An entry.
     *
     * @param entry its key in a map, or its number in a list
     * @param value the value
     */
    public record Entry(
            @JsonProperty("entry") JsonNode entry,
            @JsonProperty("value") JsonNode value) {}
}
