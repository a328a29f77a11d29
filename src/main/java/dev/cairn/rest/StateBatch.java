package dev.cairn.rest;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Keys that are asked for together.
 *
 * @param keys the keys
 * @param encoding how they are written: {@code text}, the default, or {@code base64}
 */
public record StateBatch(
        @JsonProperty("keys") List<String> keys,
        @JsonProperty("encoding") String encoding) {}
