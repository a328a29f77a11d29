package dev.cairn.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.ShutdownEvent;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.local.Restored;
import dev.cairn.storage.Clause;
import dev.cairn.worker.Reminders;
import dev.cairn.worker.StartOver;
import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;
import dev.cairn.worker.status.WorkerEvent;

/**
 * Lets the others know what this worker has done, and learns what all have done. Begins a moment after the worker: what it
 * restores must not wait for its history.
 */
@ApplicationScoped
class EventFollower {

    private static final Logger LOG = Logger.getLogger(EventFollower.class);
    private static final Duration DELAY = Duration.ofSeconds(2);
    private static final Duration SEND_LIMIT = Duration.ofSeconds(1);
    private static final int MOST_WAITING = 1_000;
    private static final String SKIPPED = "skipped";

    private final FleetChannels channels;
    private final FleetTopics topics;
    private final History history;
    private final Acknowledgements acknowledgements;
    private final Operations operations;
    private final WorkerLifecycle lifecycle;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(task -> FleetThreads.daemon("cairn-fleet-events", task));
    private final Queue<FleetEvent> waiting = new ArrayDeque<>();
    private volatile Future<?> begin = CompletableFuture.completedFuture(null);
    private final Reminders reminders = new Reminders(System::nanoTime);
    private volatile Optional<TopicWatch> watch = Optional.empty();
    private OptionalLong end = OptionalLong.empty();
    private volatile State state = State.WAITING;

    /** Only ever changed by the one thread. */
    private enum State {
        WAITING,
        FOLLOWING,
        ALONE
    }

    EventFollower(
            Config config,
            FleetChannels channels,
            History history,
            Acknowledgements acknowledgements,
            Operations operations,
            WorkerLifecycle lifecycle) {
        this.channels = channels;
        this.topics = new FleetTopics(config);
        this.history = history;
        this.acknowledgements = acknowledgements;
        this.operations = operations;
        this.lifecycle = lifecycle;
    }

    void start(@Observes StartOver event) {
        if (!event.isRunning()) {
            return;
        }
        operations.tell(operation -> publish(FleetEvent.OperationStands.of(instance(), operation)));
        begin = executor.schedule(this::follow, DELAY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What is being sent is sent before what it is sent through is gone. */
    void workerStopped(@Observes @Priority(FleetThreads.AFTER_WORKER) ShutdownEvent event) throws InterruptedException {
        begin.cancel(false);
        watch.ifPresent(TopicWatch::close);
        executor.shutdown();
        if (!executor.awaitTermination(SEND_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("the last events are not published");
        }
    }

    @PreDestroy
    void close() {
        executor.shutdownNow();
    }

    /** Whether what the others do becomes known here. */
    boolean isFollowing() {
        return state != State.ALONE;
    }

    void happened(@Observes WorkerEvent event) {
        if (event instanceof WorkerEvent.CheckpointEnded ended) {
            publish(new FleetEvent.CheckpointEnded(ended.report()));
        } else if (event instanceof WorkerEvent.PartitionRestored restored
                && restored.source() != Restored.Source.EMPTY) {
            publish(new FleetEvent.PartitionRestored(restored));
        }
    }

    /** Lets everyone know, this worker included. From any thread. */
    void publish(FleetEvent event) {
        if (!executor.isShutdown()) {
            executor.execute(() -> send(event));
        }
    }

    private void follow() {
        if (!channels.isOn(FleetChannels.EVENTS)) {
            LOG.info("the channel cairn-events is off: the history is that of this worker only, since its start");
            alone();
            return;
        }
        try {
            end = topics.prepare(FleetChannels.EVENTS, worker().settings().kafka());
            if (!channels.follow(FleetChannels.EVENTS, executor, this::take, this::broken)) {
                return;
            }
            state = State.FOLLOWING;
            watch = TopicWatch.start(
                    topics,
                    FleetChannels.EVENTS,
                    worker().settings().kafka(),
                    executor,
                    () -> end = OptionalLong.empty(),
                    this::lost);
            waiting.forEach(this::send);
            waiting.clear();
        } catch (ExecutionException e) {
            LOG.warnf(
                    "the channel cairn-events cannot be used, so that the history is that of this worker only, since its"
                            + " start: %s. Create the topic or allow it, and start the worker again",
                    Clause.of(e.getCause()));
            alone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Worker worker() {
        return lifecycle.worker().orElseThrow();
    }

    private String instance() {
        return worker().settings().job().instance();
    }

    private void alone() {
        state = State.ALONE;
        waiting.forEach(this::takeIn);
        waiting.clear();
    }

    private void broken(Throwable cause) {
        LOG.warnf(
                "the channel cairn-events has failed, so that the history is that of this worker only from now on: %s. Create"
                        + " the topic or allow it, and start the worker again",
                Clause.of(cause));
        alone();
    }

    private void lost(Throwable cause) {
        channels.leave(FleetChannels.EVENTS);
        broken(cause);
    }

    /** The worker says that Kafka does not answer, the watch that it refuses: the connector retries both. */
    private void unpublished(Throwable failure) {
        LOG.debugf("an event is not published: %s", failure);
        if (failure instanceof KafkaException
                && !(failure instanceof RetriableException)
                && !(failure instanceof AuthorizationException)
                && reminders.isDue(FleetChannels.EVENTS)) {
            LOG.warnf(
                    "cannot write to the channel cairn-events: %s. The other workers do not learn what this one does",
                    Clause.of(failure));
        }
    }

    private void send(FleetEvent event) {
        switch (state) {
            case WAITING -> {
                if (waiting.size() < MOST_WAITING) {
                    waiting.add(event);
                }
            }
            case ALONE -> takeIn(event);
            case FOLLOWING ->
                channels.publish(event, worker().settings().job().instance()).whenComplete((done, failure) -> {
                    if (failure != null) {
                        unpublished(failure);
                        publishLocally(event);
                    }
                });
        }
    }

    private void publishLocally(FleetEvent event) {
        if (!executor.isShutdown()) {
            executor.execute(() -> takeIn(event));
        }
    }

    private void take(Message<?> message) {
        MessagePosition position = MessagePosition.of(message);
        try {
            takeIn(FleetCodec.decodeEvent(MessagePosition.text(message)));
        } catch (MalformedMessageException e) {
            // Workers of a newer version may write many of them.
            if (reminders.isDue(SKIPPED)) {
                LOG.warnf(
                        "%s: skipped what is no event: %s. Others like it are skipped without a word for a minute",
                        position, e.getMessage());
            }
        }
        if (end.isPresent() && position.offset().orElse(-1) == end.getAsLong() - 1) {
            operations.endThoseLeftBehind();
            LOG.infof("the history begins with %s rows of %s workers", history.size(), history.workers());
        }
    }

    private void takeIn(FleetEvent event) {
        if (event instanceof FleetEvent.CommandDone done) {
            acknowledgements.add(done);
        } else if (event instanceof FleetEvent.OperationStands stands) {
            operations.add(stands, instance());
        } else {
            history.add(event);
        }
    }
}
