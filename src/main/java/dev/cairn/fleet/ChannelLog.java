package dev.cairn.fleet;

import java.util.List;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.StartupEvent;

/**
 * Keeps out of the log what the connector and Kafka's clients repeat of the fleet's channels, for every message or fetch: their
 * followers say it once. Channels of others keep their lines.
 */
@ApplicationScoped
class ChannelLog {

    /** Held, because the one that sets a filter has to keep its logger. */
    private static final List<Logger> CHATTY = Stream.of(
                    "io.smallrye.reactive.messaging.kafka",
                    "org.apache.kafka.clients.Metadata",
                    "org.apache.kafka.clients.consumer.internals.FetchCollector",
                    "org.apache.kafka.clients.producer.internals.Sender")
            .map(Logger::getLogger)
            .toList();

    private static final List<String> CHANNELS = List.of(FleetChannels.COMMANDS, FleetChannels.EVENTS);

    void start(@Observes @Priority(FleetThreads.BEFORE_WORKER) StartupEvent event) {
        CHATTY.forEach(logger -> logger.setFilter(line -> !isOfTheFleet(line)));
    }

    /** They name the channel, the client's id or the topic, all of which hold the channel's name. */
    static boolean isOfTheFleet(LogRecord line) {
        return Stream.concat(
                        Stream.of(String.valueOf(line.getMessage())),
                        line.getParameters() == null
                                ? Stream.empty()
                                : Stream.of(line.getParameters()).map(String::valueOf))
                .anyMatch(text -> CHANNELS.stream().anyMatch(text::contains));
    }
}
