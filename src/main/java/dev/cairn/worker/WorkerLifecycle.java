package dev.cairn.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.literal.NamedLiteral;

import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.api.Processor;
import dev.cairn.checkpoint.CheckpointObserver;
import dev.cairn.checkpoint.JobEnd;
import dev.cairn.job.JobStores;
import dev.cairn.settings.ClaimMode;
import dev.cairn.settings.DurationText;
import dev.cairn.settings.OnEndedJob;
import dev.cairn.settings.Settings;
import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;
import dev.cairn.settings.Version;
import dev.cairn.state.AuthorError;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.storage.ObservedObjectStore;
import dev.cairn.storage.RetryingObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.storage.StoreListener;
import dev.cairn.storage.StoreOptions;

/** Runs the worker as long as the application runs, and ends the application when the worker ends by itself. */
@ApplicationScoped
public class WorkerLifecycle {

    private static final Logger LOG = Logger.getLogger(WorkerLifecycle.class);
    private static final int FAILED = 1;

    /** A path that is mistyped is to be told of soon; what fails later is tried again with its partition. */
    private static final Duration ELSEWHERE_LIMIT = Duration.ofSeconds(10);

    private final Config config;
    private final Instance<Processor<?, ?, ?, ?>> processors;
    private final Instance<S3Client> s3;
    private final Event<WorkerEvent> events;
    private final Instance<JobDirections> directions;
    private final Event<KafkaClientEvent> clients;
    private final Instance<StoreListener> storeListeners;
    private final Instance<Platform> platforms;

    /** Runs what is to happen once those who asked for some work have had the time to learn of its end. */
    private final Executor afterAsking = CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS);

    private volatile Worker worker;
    private volatile String waitingFor;
    private volatile Thread waiting;
    private volatile CompletableFuture<?> held = CompletableFuture.completedFuture(null);

    WorkerLifecycle(
            Config config,
            @Any Instance<Processor<?, ?, ?, ?>> processors,
            Instance<S3Client> s3,
            Event<WorkerEvent> events,
            Instance<JobDirections> directions,
            Event<KafkaClientEvent> clients,
            Instance<StoreListener> storeListeners,
            Instance<Platform> platforms) {
        this.config = config;
        this.processors = processors;
        this.s3 = s3;
        this.events = events;
        this.directions = directions;
        this.clients = clients;
        this.storeListeners = storeListeners;
        this.platforms = platforms;
    }

    void start(@Observes StartupEvent event) {
        StartBreak sigterm = StartBreak.onSigterm();
        try (sigterm) {
            Settings settings = SettingsReader.read(config);
            settings.warnings().forEach(LOG::warn);
            ProcessorFactory factory = factory(settings.job().processor());
            startOrWait(settings, factory);
        } catch (RuntimeException e) {
            if (sigterm.isBroken()) {
                LOG.info("the start is given up, because the process is to end");
                LOG.debug("in detail", e);
            } else {
                report(e);
            }
            // Not by an orderly exit: the application would first say that it has started. Alone, this exception would
            // only stop the start; as a cause it ends the application, without a stack trace.
            throw new IllegalStateException(
                    "the worker cannot start", new PreventFurtherStepsException("cairn has not started", FAILED));
        }
    }

    private void startOrWait(Settings settings, ProcessorFactory factory) {
        try {
            worker = started(settings, factory);
        } catch (JobEndedException e) {
            if (settings.recovery().onEndedJob() == OnEndedJob.EXIT) {
                throw e;
            }
            waitingFor = e.getMessage();
            LOG.infof("%s. This worker waits for that", waitingFor);
            waiting = new Thread(() -> startOnceAllowed(settings, factory), "cairn-ended-job");
            waiting.setDaemon(true);
            waiting.start();
        }
    }

    private void startOnceAllowed(Settings settings, ProcessorFactory factory) {
        String job = settings.job().name();
        while (worker == null) {
            try (ObjectStore objects = open(settings)) {
                new EndedJobWatch(objects, job).await();
                LOG.infof("job %s was started again", job);
                worker = started(settings, factory);
                waitingFor = null;
            } catch (JobEndedException e) {
                // It was ended once more.
                waitingFor = e.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                report(e);
                Quarkus.asyncExit(FAILED);
                return;
            }
        }
    }

    private Worker started(Settings settings, ProcessorFactory factory) {
        try {
            return start(settings, factory);
        } catch (JobEndedException e) {
            if (directions.stream().noneMatch(known -> known.startedSince(e.end()))) {
                throw e;
            }
            try (ObjectStore objects = open(settings)) {
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
                new RetryingObjectStore(
                        observed(open(settings)),
                        settings.checkpoints().timeout(),
                        "execution.checkpointing.timeout="
                                + DurationText.of(settings.checkpoints().timeout())),
                location -> new RetryingObjectStore(observed(openElsewhere(location, settings)), ELSEWHERE_LIMIT),
                CheckpointObserver.NONE,
                Version.VERSION,
                new Listener());
        directions.forEach(known -> created.holdUntil(known.paused()));
        created.start();
        return created;
    }

    void stop(@Observes ShutdownEvent event) {
        Thread waits = waiting;
        if (waits != null) {
            waits.interrupt();
        }
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

    /** The worker, once it has started. */
    public Optional<Worker> worker() {
        return Optional.ofNullable(worker);
    }

    /** What the worker waits for before it starts; nothing where it has started, or is about to. */
    public Optional<String> waitingFor() {
        return Optional.ofNullable(waitingFor);
    }

    /**
     * Lets the application go on until some work is done, and a little longer for those who ask about it, though the worker
     * has ended because its job was. Work that nobody waits for ends with the application.
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
            clients.fire(new KafkaClientEvent(KafkaClientEvent.Kind.OPENED, client));
        }

        @Override
        public void closing(AutoCloseable client) {
            clients.fire(new KafkaClientEvent(KafkaClientEvent.Kind.CLOSING, client));
        }
    }

    private ObjectStore observed(ObjectStore store) {
        return new ObservedObjectStore(
                store, storeListeners.isResolvable() ? storeListeners.get() : StoreListener.NONE);
    }

    /** What is not claimed is not ours to write to. */
    private ObjectStore openElsewhere(String location, Settings settings) {
        ObjectStore toRead = ObjectStores.openToRead(location, s3::get);
        if (settings.recovery().claimMode() == ClaimMode.NO_CLAIM) {
            return toRead;
        }
        toRead.close();
        return ObjectStores.open(location, s3::get, StoreOptions.DEFAULT);
    }

    private ObjectStore open(Settings settings) {
        String location = settings.checkpoints().dir();
        try {
            return StartWait.on(
                    "the store at " + location,
                    () -> ObjectStores.openForCheckpoints(location, s3::get, JobStores.options(settings)));
        } catch (StorageException | IllegalArgumentException e) {
            throw new StopWorkerException("state.checkpoints.dir=" + location + ": " + e.getMessage(), e);
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
            throw new StopWorkerException("cairn.processor=" + name + ": there is no such processor, only "
                    + known.keySet() + ". A processor is a bean that is @Dependent and @Named");
        }
        if (chosen.getBean().getScope() != Dependent.class) {
            throw new StopWorkerException("cairn.processor=" + name + ": its scope is @"
                    + chosen.getBean().getScope().getSimpleName()
                    + ", but every partition needs an instance of its own. Make it @Dependent");
        }
        Instance<Processor<?, ?, ?, ?>> selected = processors.select(NamedLiteral.of(name));
        return selected::get;
    }
}
