package dev.cairn.fleet;

import java.time.Instant;
import java.util.OptionalLong;

import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Where a message was, for logs and as a name of it.
 *
 * @param description of the place
 * @param offset in its topic, if it came from one
 * @param writtenAt when; now, where that is not known
 */
record MessagePosition(String description, OptionalLong offset, Instant writtenAt) {

    static MessagePosition of(Message<?> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class)
                .map(record -> new MessagePosition(
                        record.getTopic() + "-" + record.getPartition() + " offset " + record.getOffset(),
                        OptionalLong.of(record.getOffset()),
                        record.getTimestamp()))
                .orElseGet(() -> new MessagePosition("a message", OptionalLong.empty(), Instant.now()));
    }

    /** What it says; nothing where it has no content, or none that is text. */
    static String text(Message<?> message) {
        return message.getPayload() instanceof String text ? text : null;
    }

    @Override
    public String toString() {
        return description;
    }
}
