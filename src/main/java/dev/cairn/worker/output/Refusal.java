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
 * @param timerKey where it was a timer, the key that it was set for; otherwise {@code null}. See {@link TimerRecord}
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
public record Refusal(
        TopicPartition input,
        long offset,
        String topic,
        Exception cause,
        boolean deadLetter,
        boolean certain,
        byte[] timerKey) {

    /** As people read it. */
    public String where() {
        return (timerKey == null ? "record " : "") + input + "@" + offset;
    }
}
