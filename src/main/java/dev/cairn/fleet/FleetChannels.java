package dev.cairn.fleet;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/**
 * The channels of the control plane, wherever they lead. Each may be turned off by {@code
 * mp.messaging.incoming.<channel>.enabled=false}, or {@code outgoing}. Thread-safe.
 */
@ApplicationScoped
class FleetChannels {

    static final String COMMANDS = "cairn-commands";
    static final String EVENTS = "cairn-events";

    private static final String OUT = "-out";
    private static final long MOST_WAITING = 10_000;

    private final ChannelRegistry registry;
    private final Emitter<String> commands;
    private final Emitter<String> events;

    FleetChannels(
            ChannelRegistry registry,
            @Channel(COMMANDS + OUT) @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    Emitter<String> commands,
            @Channel(EVENTS + OUT) @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    Emitter<String> events) {
        this.registry = registry;
        this.commands = commands;
        this.events = events;
    }

    /** Whether a channel is turned on, in both directions. */
    boolean isOn(String channel) {
        return registry.getIncomingNames().contains(channel)
                && registry.getOutgoingNames().contains(channel + OUT);
    }

    /** Sends it. @return completes when it has arrived where the channel leads */
    CompletionStage<Void> publish(Command command) {
        return send(commands, command.kind().key(), FleetCodec.encode(command));
    }

    /** Sends it. @return completes when it has arrived where the channel leads */
    CompletionStage<Void> publish(FleetEvent event, String worker) {
        return send(events, worker, FleetCodec.encode(event));
    }

    private static CompletionStage<Void> send(Emitter<String> emitter, String key, String text) {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        OutgoingKafkaRecordMetadata<String> metadata =
                OutgoingKafkaRecordMetadata.<String>builder().withKey(key).build();
        Message<String> message = Message.of(
                text,
                Metadata.of(metadata),
                () -> {
                    arrived.complete(null);
                    return CompletableFuture.completedFuture(null);
                },
                cause -> {
                    arrived.completeExceptionally(cause);
                    return CompletableFuture.completedFuture(null);
                });
        try {
            emitter.send(message);
        } catch (IllegalStateException e) {
            // It is turned off, or full.
            arrived.completeExceptionally(e);
        }
        return arrived;
    }

    /**
     * Follows a channel that is on.
     *
     * @param executor has one thread
     * @param onMessage called there
     * @param onFailure called there, when no more messages come
     */
    void follow(String channel, Executor executor, Consumer<Message<?>> onMessage, Consumer<Throwable> onFailure) {
        Multi.createFrom()
                .publisher(registry.getPublishers(channel).get(0))
                .emitOn(executor)
                .onItem()
                .call(message -> {
                    onMessage.accept(message);
                    return Uni.createFrom().completionStage(message::ack);
                })
                .subscribe()
                .with(message -> {}, onFailure);
    }
}
