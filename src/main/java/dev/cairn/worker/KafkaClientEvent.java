package dev.cairn.worker;

/**
 * A client of Kafka that a worker has opened, or is closing while it runs.
 *
 * @param client an {@code Admin}, a consumer or a producer
 */
public record KafkaClientEvent(Kind kind, AutoCloseable client) {

    /** What happens to it. */
    public enum Kind {
        OPENED,
        CLOSING
    }
}
