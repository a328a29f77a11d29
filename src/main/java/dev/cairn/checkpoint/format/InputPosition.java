package dev.cairn.checkpoint.format;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How far a partition of an input topic had been read.
 *
 * @param topic the topic
 * @param offset the next offset to read
 * @param partitionCount how many partitions the topic had: with another count, keys are elsewhere
 * @param topicId the topic's id in its cluster: a topic that is created again under the same name has another one. {@code
 *     null} where it was not recorded
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InputPosition(
        @JsonProperty(required = true) String topic,
        @JsonProperty(required = true) long offset,
        @JsonProperty(required = true) int partitionCount,
        String topicId) {

    /** Of a topic whose id is not known. */
    public static InputPosition withoutId(String topic, long offset, int partitionCount) {
        return new InputPosition(topic, offset, partitionCount, null);
    }
}
