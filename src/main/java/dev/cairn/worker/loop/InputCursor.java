package dev.cairn.worker.loop;

import org.apache.kafka.common.TopicPartition;

import dev.cairn.worker.group.InputTopic;

/** How far a partition of an input topic has been read. On the loop's thread. */
final class InputCursor {

    private final TopicPartition input;
    private final InputTopic topic;
    private long position;
    private long committed;

    InputCursor(TopicPartition input, InputTopic topic, long position) {
        this.input = input;
        this.topic = topic;
        this.position = position;
        this.committed = position;
    }

    TopicPartition input() {
        return input;
    }

    /** What it is a partition of. */
    InputTopic topic() {
        return topic;
    }

    /** The next offset to read. */
    long position() {
        return position;
    }

    void moveTo(long next) {
        position = next;
    }

    /** The next offset to read by the last committed checkpoint. */
    long committed() {
        return committed;
    }

    void committed(long offset) {
        committed = offset;
    }
}
