package dev.cairn.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A key's value.
 *
 * @param state the state
 * @param key the key, as it was asked for
 * @param partition where it was found
 * @param worker who has said so
 * @param consistency which state was read: {@code committed} or {@code live}
 * @param value the value
 */
public record StateValue(
        @JsonProperty("state") String state,
        @JsonProperty("key") String key,
        @JsonProperty("partition") int partition,
        @JsonProperty("worker") String worker,
        @JsonProperty("consistency") String consistency,
        @JsonProperty("value") JsonNode value) {}
