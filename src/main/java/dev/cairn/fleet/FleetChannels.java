package dev.cairn.fleet;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/**
 * The channels of the control plane, wherever they lead. Each may be turned off by {@code
 * mp.messaging.incoming.<channel>.enabled=false}, or {@code outgoing}. Thread-safe.
 *
 * <p>Public, with the methods that Quarkus calls: while an application is tested or developed, what Quarkus generates for
 * channels is in another class loader than the library.
 */
@ApplicationScoped
public class FleetChannels {

    static final String COMMANDS = "cairn-commands";
    static final String EVENTS = "cairn-events";

    private static final String OUT = "-out";

    private final ChannelRegistry registry;
    private final UnicastProcessor<Message<String>> commands = UnicastProcessor.create();
    private final UnicastProcessor<Message<String>> events = UnicastProcessor.create();
    private final Map<String, Cancellable> following = new HashMap<>();
    private boolean stopped;

    FleetChannels(ChannelRegistry registry) {
        this.registry = registry;
    }

    /** Commands that go out; an emitter could not be turned off. */
    @Outgoing(COMMANDS + OUT)
    public Multi<Message<String>> commands() {
        return commands;
    }

    /** Events that go out. */
    @Outgoing(EVENTS + OUT)
    public Multi<Message<String>> events() {
        return events;
    }

    /** Whether a channel is turned on, in both directions. */
    boolean isOn(String channel) {
        return registry.getIncomingNames().contains(channel)
                && registry.getOutgoingNames().contains(channel + OUT);
    }

    /** Sends it. @return completes when it has arrived where the channel leads */
    CompletionStage<Void> publish(Command command, Optional<String> signature) {
        return send(commands, command.kind().key(), FleetCodec.encode(command, signature));
    }

    /** Sends it. @return completes when it has arrived where the channel leads */
    CompletionStage<Void> publish(FleetEvent event, String worker) {
        return send(events, worker, FleetCodec.encode(event));
    }

    private static CompletionStage<Void> send(UnicastProcessor<Message<String>> channel, String key, String text) {
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
        synchronized (channel) {
            channel.onNext(message);
        }
        return arrived;
    }

    /**
     * Follows a channel that is on, until the worker is told to stop.
     *
     * @param executor has one thread
     * @param onMessage called there
     * @param onFailure called there, when no more messages come
     * @return whether it does; not any more where the worker has been told to stop
     */
    synchronized boolean follow(
            String channel, Executor executor, Consumer<Message<?>> onMessage, Consumer<Throwable> onFailure) {
        if (stopped) {
            return false;
        }
        Cancellable followed = Multi.createFrom()
                .publisher(registry.getPublishers(channel).get(0))
                .emitOn(executor)
                .onItem()
                .call(message -> {
                    onMessage.accept(message);
                    return Uni.createFrom().completionStage(message::ack);
                })
                .subscribe()
                .with(message -> {}, onFailure);
        following.put(channel, followed);
        return true;
    }

    /** Follows a channel no longer. */
    synchronized void leave(String channel) {
        Cancellable followed = following.remove(channel);
        if (followed != null) {
            followed.cancel();
        }
    }

    /** Before the worker's end: who reads a topic while the application goes would take that for an error. */
    synchronized void stop(@Observes @Priority(FleetThreads.BEFORE_WORKER) ShutdownEvent event) {
        stopped = true;
        following.values().forEach(Cancellable::cancel);
    }
}
