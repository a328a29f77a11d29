package dev.cairn.cli;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * An entry of a state, decoded.
 *
 * @param partition the partition that it is in
 * @param state the state
 * @param key the record's key
 * @param value the value
 */
@JsonPropertyOrder({"partition", "state", "key", "value"})
record StateEntry(int partition, String state, JsonNode key, JsonNode value) {}
