package dev.cairn.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.settings.KafkaSettings;
import dev.cairn.settings.SettingsException;
import dev.cairn.storage.Clause;
import dev.cairn.worker.JobDirections;
import dev.cairn.worker.Reminders;
import dev.cairn.worker.StartOver;
import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;

/** Reads the commands of the job from their beginning, while the worker starts, and follows them from then on. */
@ApplicationScoped
class CommandFollower implements JobDirections {

    private static final Logger LOG = Logger.getLogger(CommandFollower.class);
    private static final Duration HOLD_LIMIT = Duration.ofSeconds(3);
    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(10);
    private static final Duration NEW = Duration.ofMinutes(1);
    private static final String SKIPPED = "skipped";

    private final Config config;
    private final FleetChannels channels;
    private final FleetTopics topics;
    private final CommandGate gate;
    private final CommandExecutor commands;
    private final WorkerLifecycle lifecycle;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(task -> FleetThreads.daemon("cairn-fleet-commands", task));
    private final CommandLog log = new CommandLog(this::execute);
    private final CompletableFuture<Boolean> paused = new CompletableFuture<>();
    private final CompletableFuture<Optional<Instant>> started = new CompletableFuture<>();
    private final CompletableFuture<Void> workerStarted = new CompletableFuture<>();
    private volatile boolean following;
    private volatile boolean stopping;
    private volatile Optional<TopicWatch> watch = Optional.empty();
    private final Reminders reminders = new Reminders(System::nanoTime);
    private OptionalLong end = OptionalLong.empty();

    CommandFollower(
            Config config,
            FleetChannels channels,
            CommandGate gate,
            CommandExecutor commands,
            WorkerLifecycle lifecycle) {
        this.config = config;
        this.channels = channels;
        this.topics = new FleetTopics(config);
        this.gate = gate;
        this.commands = commands;
        this.lifecycle = lifecycle;
    }

    void start(@Observes @Priority(FleetThreads.BEFORE_WORKER) StartupEvent event) {
        if (channels.isOn(FleetChannels.COMMANDS)) {
            executor.execute(this::follow);
        } else {
            LOG.info("the channel cairn-commands is off: this worker works by itself");
            alone();
        }
    }

    void workerStarted(@Observes StartOver event) {
        workerStarted.complete(null);
    }

    /** What is broken off by the end is no failure of the channel. */
    void stopping(@Observes @Priority(FleetThreads.BEFORE_WORKER) ShutdownEvent event) {
        stopping = true;
        watch.ifPresent(TopicWatch::close);
    }

    @PreDestroy
    void close() {
        stopping = true;
        executor.shutdownNow();
    }

    /** Whether what one worker is told reaches this one. */
    boolean isFollowing() {
        return following;
    }

    @Override
    public CompletionStage<Boolean> paused() {
        return paused.copy().completeOnTimeout(false, HOLD_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean startedSince(JobEnd end) {
        Optional<Instant> at = started.copy()
                .completeOnTimeout(Optional.empty(), CATCH_UP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return at.filter(end.at()::isBefore).isPresent();
    }

    /** What was commanded before is needed for the start; the topic is only created once that has succeeded. */
    private void follow() {
        following(() -> {
            gate.open(topics);
            Optional<KafkaSettings> kafka = KafkaSettings.of(config);
            boolean mayBeMissing =
                    kafka.isPresent() && topics.topicOf(FleetChannels.COMMANDS).isPresent();
            if (mayBeMissing) {
                end = topics.find(FleetChannels.COMMANDS, kafka.get());
            }
            if (mayBeMissing && end.isEmpty()) {
                nothingWasCommanded();
                whenWorkerRuns(() -> following(() -> {
                    end = topics.prepare(FleetChannels.COMMANDS, kafka.get());
                    listen();
                    watch(kafka.get());
                }));
            } else {
                listen();
                kafka.ifPresent(this::watch);
            }
        });
    }

    private void watch(KafkaSettings kafka) {
        watch = TopicWatch.start(topics, FleetChannels.COMMANDS, kafka, executor, this::beginAgain, this::lost);
    }

    /** Everything in a new topic is new. */
    private void beginAgain() {
        end = OptionalLong.of(0);
        log.beginAgain();
    }

    private void lost(Throwable cause) {
        channels.leave(FleetChannels.COMMANDS);
        broken(cause);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What fails there is logged there.
    private void listen() {
        following = true;
        channels.follow(FleetChannels.COMMANDS, executor, this::take, this::broken);
        if (end.orElse(0) == 0) {
            caughtUp();
        } else {
            executor.schedule(this::caughtUp, CATCH_UP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** A way to the channel. */
    @FunctionalInterface
    private interface Way {

        void go() throws ExecutionException, InterruptedException;
    }

    private void following(Way way) {
        try {
            way.go();
        } catch (ExecutionException | KafkaException e) {
            if (!stopping) {
                LOG.warnf(
                        "the channel cairn-commands cannot be used, so that this worker works by itself: %s. Create the topic or"
                                + " allow it, and start the worker again",
                        Clause.of(e instanceof ExecutionException ? e.getCause() : e));
            }
            alone();
        } catch (SettingsException e) {
            // The worker tells of it, and does not start.
            alone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void alone() {
        following = false;
        nothingWasCommanded();
    }

    private void nothingWasCommanded() {
        paused.complete(false);
        started.complete(Optional.empty());
    }

    private void broken(Throwable cause) {
        LOG.warnf(
                "the channel cairn-commands has failed, and this worker works by itself: %s. Create the topic or allow it, and"
                        + " start the worker again",
                Clause.of(cause));
        alone();
    }

    private void take(Message<?> message) {
        MessagePosition position = MessagePosition.of(message);
        try {
            String id = position.offset().isPresent()
                    ? "offset-" + position.offset().getAsLong()
                    : UUID.randomUUID().toString();
            String text = MessagePosition.text(message);
            Command command = FleetCodec.decodeCommand(text, id, position.writtenAt());
            add(command, FleetCodec.signature(text), position);
        } catch (MalformedMessageException e) {
            // Anyone who may write to the topic may write many of them.
            if (reminders.isDue(SKIPPED)) {
                LOG.warnf(
                        "%s: skipped what is no command: %s. Others like it are skipped without a word for a minute",
                        position, e.getMessage());
            }
        }
        if (end.isPresent() && position.offset().orElse(0) >= end.getAsLong() - 1) {
            caughtUp();
        }
    }

    private void add(Command command, Optional<String> signature, MessagePosition position) {
        CommandLog.Age age = age(command, position);
        Optional<CommandGate.Refusal> refusal = gate.refusal(command, signature, age, Instant.now());
        if (refusal.isPresent()) {
            gate.ignored(position, refusal.get());
        } else if (!log.add(command, age)) {
            gate.repeated(position);
        }
    }

    private CommandLog.Age age(Command command, MessagePosition position) {
        boolean isOld = position.offset().isPresent()
                ? position.offset().getAsLong() < end.orElse(0)
                : command.at().isBefore(Instant.now().minus(NEW));
        return isOld ? CommandLog.Age.OLD : CommandLog.Age.NEW;
    }

    private void caughtUp() {
        if (log.isCaughtUp()) {
            return;
        }
        boolean isPaused = log.caughtUp(Instant.now());
        paused.complete(isPaused);
        started.complete(log.startedAt());
        if (isPaused) {
            // It may have waited for long enough, and run already.
            whenWorkerRuns(() -> lifecycle.worker().ifPresent(Worker::pause));
        }
    }

    private void execute(Command command) {
        whenWorkerRuns(() -> commands.execute(command));
    }

    private void whenWorkerRuns(Runnable action) {
        workerStarted.thenRunAsync(action, executor).exceptionally(failure -> {
            if (stopping) {
                return null;
            }
            LOG.warnf("a command failed: %s", failure instanceof CompletionException ? failure.getCause() : failure);
            return null;
        });
    }
}
