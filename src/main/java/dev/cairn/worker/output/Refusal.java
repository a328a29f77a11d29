package dev.cairn.worker.output;

import org.apache.kafka.common.TopicPartition;

/**
 * An input record of which a result, or the dead letter, was refused for good.
 *
 * @param input where the record was read
 * @param offset of the record
 * @param topic of the result or the dead letter
 * @param cause why it was refused
 * @param deadLetter whether the record was on its way to the dead-letter topic
 * @param certain whether it is this record; otherwise it may be another one of the same batch
 */
public record Refusal(
        TopicPartition input, long offset, String topic, Exception cause, boolean deadLetter, boolean certain) {

    /** As people read it. */
    public String where() {
        return input + "@" + offset;
    }
}
