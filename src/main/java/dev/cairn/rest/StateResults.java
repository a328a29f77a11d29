package dev.cairn.rest;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * What came of keys that were asked for together.
 *
 * @param results in the order of the keys
 */
public record StateResults(List<Result> results) {

    /**
     * What came of one.
     *
     * @param key as it was asked for
     * @param found whether it has a value; absent where that cannot be determined now
     * @param value that
     * @param partition where it was looked for
     * @param worker who has said so
     * @param unavailable true where it cannot be determined now
     * @param retryAfter seconds until it is worth asking again
     * @param detail why
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Result(
            String key,
            Boolean found,
            JsonNode value,
            Integer partition,
            String worker,
            Boolean unavailable,
            @JsonProperty("retry-after") Long retryAfter,
            String detail) {}
}
