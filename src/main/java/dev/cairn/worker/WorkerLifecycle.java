package dev.cairn.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.literal.NamedLiteral;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.api.Processor;
import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.OnEndedJob;
import dev.cairn.settings.Settings;
import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;
import dev.cairn.settings.Version;
import dev.cairn.state.AuthorError;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.storage.StoreListener;
import dev.cairn.worker.record.ProcessorFactory;
import dev.cairn.worker.start.JobEndedException;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerEvent;
import dev.cairn.worker.status.WorkerListener;

/**
 * Runs the worker as long as the application runs, and ends the application when the worker ends by itself.
 *
 * <p>The worker starts on a thread of its own, because it waits for Kafka and the store: the HTTP port opens meanwhile, and
 * probes say that the worker is being started.
 */
@ApplicationScoped
public class WorkerLifecycle {

    private static final Logger LOG = Logger.getLogger(WorkerLifecycle.class);
    private static final int FAILED = 1;

    /** A start that is done in a moment is left to its end before the process ends. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(2);

    /** A start that is broken off closes what it has opened. */
    private static final Duration BREAK_OFF_LIMIT = Duration.ofSeconds(8);

    private final Config config;
    private final Instance<Processor<?, ?, ?, ?>> processors;
    private final Event<Object> events;
    private final Instance<JobDirections> directions;
    private final LifecycleStores stores;
    private final Instance<Platform> platforms;

    /** Runs what is to happen once those who asked for some work have had the time to learn of its end. */
    private final Executor afterAsking = CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS);

    private volatile Worker worker;
    private volatile String waitingFor;
    private volatile Thread starting;
    private volatile boolean stopping;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private volatile CompletableFuture<?> held = CompletableFuture.completedFuture(null);

    WorkerLifecycle(
            Config config,
            @Any Instance<Processor<?, ?, ?, ?>> processors,
            Instance<S3Client> s3,
            @Any Event<Object> events,
            Instance<JobDirections> directions,
            Instance<StoreListener> storeListeners,
            Instance<Platform> platforms) {
        this.config = config;
        this.processors = processors;
        this.events = events;
        this.directions = directions;
        this.stores = new LifecycleStores(s3, storeListeners);
        this.platforms = platforms;
    }

    /** What is wrong by itself is said at once, and the application does not start; everything else takes its time. */
    void start(@Observes StartupEvent event) {
        try {
            Settings settings = SettingsReader.read(config);
            settings.warnings().forEach(LOG::warn);
            ProcessorFactory factory = factory(settings.job().processor());
            starting = new Thread(() -> startBeside(settings, factory), "cairn-start");
            starting.setDaemon(true);
            starting.start();
            if (LaunchMode.current() == LaunchMode.TEST) {
                // The tests of an application find a worker that runs.
                begun.join();
            }
        } catch (RuntimeException e) {
            report(e instanceof CompletionException ? e.getCause() : e);
            // Not by an orderly exit: the application would first say that it has started. By itself, this exception
            // would
            // only stop the start; as a cause it ends the application, without a stack trace.
            throw new IllegalStateException(
                    "the worker cannot start", new PreventFurtherStepsException("cairn has not started", FAILED));
        }
    }

    private void startBeside(Settings settings, ProcessorFactory factory) {
        try {
            startOnceAllowed(settings, factory);
        } catch (Throwable e) {
            if (stopping) {
                LOG.info("the start is given up, because the process is to end");
                LOG.debug("in detail", e);
            } else if (LaunchMode.current() != LaunchMode.TEST) {
                report(e);
                Quarkus.asyncExit(FAILED);
            }
            begun.completeExceptionally(e);
        }
    }

    private void startOnceAllowed(Settings settings, ProcessorFactory factory) throws InterruptedException {
        String job = settings.job().name();
        while (worker == null) {
            try {
                worker = started(settings, factory);
                waitingFor = null;
            } catch (JobEndedException e) {
                if (settings.recovery().onEndedJob() == OnEndedJob.EXIT && waitingFor == null) {
                    throw e;
                }
                boolean isFirst = waitingFor == null;
                waitingFor = e.getMessage();
                if (isFirst) {
                    LOG.infof("%s. This worker waits for that", waitingFor);
                    startIsOver(false);
                }
                try (ObjectStore objects = stores.open(settings)) {
                    new EndedJobWatch(objects, job).await();
                }
                LOG.infof("job %s was started again", job);
            }
        }
        startIsOver(true);
    }

    private void startIsOver(boolean isRunning) {
        events.fire(new StartOver(isRunning));
        begun.complete(null);
    }

    private Worker started(Settings settings, ProcessorFactory factory) {
        try {
            return start(settings, factory);
        } catch (JobEndedException e) {
            if (directions.stream().noneMatch(known -> known.startedSince(e.end()))) {
                throw e;
            }
            try (ObjectStore objects = stores.open(settings)) {
                JobEnd.delete(objects, settings.job().name());
            }
            LOG.infof("job %s has been started again", settings.job().name());
            return start(settings, factory);
        }
    }

    private Worker start(Settings settings, ProcessorFactory factory) {
        Worker created = new Worker(
                settings,
                factory,
                () -> stores.retrying(settings),
                location -> stores.retryingElsewhere(location, settings),
                CheckpointObserver.NONE,
                Version.VERSION,
                new Listener());
        directions.forEach(known -> created.holdUntil(known.paused()));
        created.start();
        return created;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        endStart();
        if (worker == null) {
            return;
        }
        if (platforms.stream().anyMatch(Platform::takesThisWorkerAway)) {
            LOG.info(
                    "this worker is not expected back: others get its partitions once it has taken its last checkpoint");
            worker.leave();
        } else {
            worker.stop();
        }
    }

    /** What is done in a moment is left to its end; what waits is broken off. */
    private void endStart() {
        if (starting == null) {
            return;
        }
        try {
            if (waitingFor == null) {
                starting.join(START_PATIENCE.toMillis());
            }
            starting.interrupt();
            starting.join(BREAK_OFF_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The worker, once it has started. */
    public Optional<Worker> worker() {
        return Optional.ofNullable(worker);
    }

    /** What the worker waits for before it starts; nothing where it has started, or is about to. */
    public Optional<String> waitingFor() {
        return Optional.ofNullable(waitingFor);
    }

    /**
     * Lets the application continue until some work is done, and a little longer for those who ask about it, though the worker
     * has ended because its job was. Work that no one waits for ends with the application.
     */
    public synchronized void holdEnd(CompletableFuture<?> work) {
        held = CompletableFuture.allOf(held, work.handle((result, failure) -> null));
    }

    /** Passes on what happens; when the worker ends by itself, so does the application. */
    private final class Listener implements WorkerListener {

        @Override
        public void failed(Throwable cause) {
            report(cause);
            Quarkus.asyncExit(FAILED);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The application ends with it.
        public void ended() {
            if (held.isDone()) {
                Quarkus.asyncExit(0);
            } else {
                held.whenComplete((result, failure) -> afterAsking.execute(() -> Quarkus.asyncExit(0)));
            }
        }

        @Override
        public void happened(WorkerEvent event) {
            events.fire(event);
        }

        @Override
        public void opened(AutoCloseable client) {
            events.fire(new KafkaClientEvent(KafkaClientEvent.Kind.OPENED, client));
        }

        @Override
        public void closing(AutoCloseable client) {
            events.fire(new KafkaClientEvent(KafkaClientEvent.Kind.CLOSING, client));
        }
    }

    private static void report(Throwable cause) {
        if (cause instanceof StopWorkerException || cause instanceof SettingsException) {
            // What a person has to do stands in the message; a stack trace would only hide it.
            LOG.error(cause.getMessage());
            LOG.debug("in detail", cause);
        } else if (cause instanceof StorageException e) {
            LOG.error("the store fails: " + e.getMessage()
                    + (e.isPermanent() ? ". " + e.fault().wayOut() : ". Check the store, and start the worker again"));
            LOG.debug("in detail", cause);
        } else {
            LOG.error("worker stopped: unexpected error, " + AuthorError.classAndLine(cause), cause);
        }
    }

    private ProcessorFactory factory(String name) {
        TreeMap<String, Instance.Handle<Processor<?, ?, ?, ?>>> known = new TreeMap<>();
        for (Instance.Handle<Processor<?, ?, ?, ?>> handle : processors.handles()) {
            if (handle.getBean().getName() != null) {
                known.put(handle.getBean().getName(), handle);
            }
        }
        Instance.Handle<Processor<?, ?, ?, ?>> chosen = known.get(name);
        if (chosen == null) {
            throw new StopWorkerException(SettingNames.PROCESSOR + "=" + name + ": there is no such processor, only "
                    + known.keySet() + ". A processor is a bean that is @Dependent and @Named");
        }
        if (chosen.getBean().getScope() != Dependent.class) {
            throw new StopWorkerException(SettingNames.PROCESSOR + "=" + name + ": its scope is @"
                    + chosen.getBean().getScope().getSimpleName()
                    + ", but every partition needs an instance of its own. Make it @Dependent");
        }
        Instance<Processor<?, ?, ?, ?>> selected = processors.select(NamedLiteral.of(name));
        return selected::get;
    }
}
