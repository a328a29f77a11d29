package dev.cairn.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.settings.DurationText;
import dev.cairn.settings.Settings;
import dev.cairn.state.CacheFigures;
import dev.cairn.state.RocksResources;
import dev.cairn.storage.ObjectStore;
import dev.cairn.worker.group.GroupDirectory;
import dev.cairn.worker.loop.ClientConfigs;
import dev.cairn.worker.loop.Ending;
import dev.cairn.worker.loop.Loop;
import dev.cairn.worker.loop.LoopEnvironment;
import dev.cairn.worker.loop.LoopFactory;
import dev.cairn.worker.loop.MemoryBudget;
import dev.cairn.worker.loop.ProcessMemory;
import dev.cairn.worker.output.EndWatch;
import dev.cairn.worker.output.KafkaClients;
import dev.cairn.worker.record.ProcessorFactory;
import dev.cairn.worker.start.PartitionStarter;
import dev.cairn.worker.start.StartPath;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.HotKeys;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerFigures;
import dev.cairn.worker.status.WorkerListener;
import dev.cairn.worker.status.WorkerState;
import dev.cairn.worker.status.WorkerStatus;

/**
 * A worker: its loops, and what they share.
 *
 * <p>Needs no container: give it settings and a processor, {@link #start} it, {@link #stop} it. Thread-safe.
 */
public final class Worker {

    private static final Logger LOG = Logger.getLogger(Worker.class);
    static final Duration STOP_MARGIN = Duration.ofSeconds(15);

    private final Settings settings;
    private final ProcessorFactory processors;
    private final WorkerStore store;
    private final Function<String, ObjectStore> stores;
    private final CheckpointObserver observer;
    private final String version;
    private final WorkerListener listener;
    private final GroupDirectory directory;
    private final KafkaClients clients;
    private final Loops loops = new Loops();
    private final StateReader reader = new StateReader(loops.all());
    private final Contact contact;
    private final EndWatch end;
    private final Coverage coverage = new Coverage();
    private final OpenResources resources = new OpenResources();
    private volatile WorkerState state = WorkerState.CREATED;
    private volatile Throwable failure;
    private volatile RocksResources rocks;
    private volatile Instant startedAt = Instant.now();

    /**
     * @param settings validated
     * @param processors makes the job's processor
     * @param store opens the store for checkpoints, on another thread while Kafka is asked; closed with the worker
     * @param stores opens the store at another location, for what the job is started from; closed with the worker
     * @param observer is told of every step of every checkpoint
     * @param version of Cairn, for the checkpoints
     * @param listener is told what happens, and when the worker ends by itself
     */
    public Worker(
            Settings settings,
            ProcessorFactory processors,
            Supplier<ObjectStore> store,
            Function<String, ObjectStore> stores,
            CheckpointObserver observer,
            String version,
            WorkerListener listener) {
        this.settings = settings;
        this.processors = processors;
        this.store =
                new WorkerStore(settings.checkpoints().dir(), settings.job().name(), store);
        this.stores = stores;
        this.contact = new Contact(this.store, loops);
        this.end = new EndWatch(contact::sinceKafka);
        this.observer = observer;
        this.version = version;
        this.listener = listener;
        this.directory = new GroupDirectory(
                settings.job().name(), settings.job().instance(), settings.job().advertisedAddress());
        this.clients = new KafkaClients(listener);
    }

    /**
     * Checks what can be checked, and starts the loops. Blocks until they run, not until their partitions are restored.
     *
     * @throws StopWorkerException when the worker cannot start, with every reason
     */
    public synchronized void start() {
        state = WorkerState.STARTING;
        startedAt = Instant.now();
        try {
            open();
            state = WorkerState.RUNNING;
        } catch (RuntimeException e) {
            state = WorkerState.FAILED;
            failure = e;
            closeAll();
            throw e;
        }
    }

    private void open() {
        int loopCount = settings.job().threads();
        long heapBytes = Runtime.getRuntime().maxMemory();
        MemoryBudget memory = MemoryBudget.of(heapBytes, ProcessMemory.find(), loopCount, settings.local());
        resources.add(store);
        store.open();
        contact.watch(resources.timer("cairn-contact", 1));
        LocalRoots.check(settings.local().rootDirs());
        WorkerCheckpoints checkpoints = new WorkerCheckpoints(settings, resources);
        WorkerClients kafka = WorkerClients.open(
                settings, clients, new ClientConfigs(settings, memory), contact.broker(), end, resources);
        rocks = checkpoints.rocks(memory.blockCacheBytes());
        Optional<JobEnd> jobEnd = store.jobEnd();
        ObjectStore objects = store.objects();
        WorkerThreads threads = WorkerThreads.open(loopCount, resources);
        Checkpointing checkpointing =
                checkpoints.checkpointing(version, kafka.checks().clusterId(), objects, rocks, observer, threads);
        StartPath startPath = checkpoints.startPath(checkpointing, stores);
        jobEnd.ifPresent(found -> WorkerCheckpoints.requireStartedAgain(found, startPath, checkpointing));
        LoopFactory factory = new LoopFactory(new LoopEnvironment(
                settings,
                processors,
                new LoopEnvironment.Kafka(
                        clients, kafka.configs(), kafka.outputs(), directory, kafka.group(), kafka.topics(), end),
                memory,
                checkpointing,
                new PartitionStarter(settings, checkpointing, startPath, kafka.facts(checkpointing)),
                threads.ofLoops(objects, resources),
                new EventThread(listener, resources.threads("cairn-events", 1))));
        for (int number = 0; number < loopCount; number++) {
            loops.add(factory.create(number), this::fail);
        }
        loops.start();
        ScheduledExecutorService watch = resources.timer("cairn-watch", 1);
        new GroupWatch(settings, kafka.checks(), kafka.admin(), loops.all(), coverage, this::fail).start(watch);
        new JobEndWatch(objects, settings.job().name(), this::end).start(resources.timer("cairn-end-watch", 1));
        new StatusLine(this::status).start(watch, settings.job().statusInterval());
        LOG.infof("job %s: memory: %s", settings.job().name(), memory.describe(heapBytes, loopCount));
        LOG.infof(
                "job %s: threads %s, input %s, instance %s, %s, checkpoints every %s to %s",
                settings.job().name(),
                loopCount,
                settings.job().inputTopics(),
                settings.job().instance(),
                settings.checkpoints().mode(),
                DurationText.of(settings.checkpoints().interval()),
                objects.location());
    }

    /**
     * A last checkpoint, then the end; its place in the group is kept for it. Blocks until it has come. A worker that has failed
     * is only tidied up.
     */
    public void stop() {
        stop(Ending.SUSPEND);
    }

    /** As {@link #stop}, but it is not expected back: others may have its partitions at once. */
    public void leave() {
        stop(Ending.LEAVE);
    }

    private void stop(Ending how) {
        if (state == WorkerState.RUNNING) {
            state = WorkerState.STOPPING;
        }
        end.asked();
        loops.end(how, stopLimit());
        closeAll();
        if (state == WorkerState.STOPPING) {
            state = WorkerState.STOPPED;
            LOG.infof("job %s: stopped", settings.job().name());
        }
    }

    private void end(JobEnd end) {
        synchronized (this) {
            if (state != WorkerState.RUNNING) {
                return;
            }
            state = WorkerState.STOPPING;
        }
        EndedJob ended = new EndedJob(end, settings);
        this.end.asked();
        loops.end(Ending.LEAVE, stopLimit());
        if (state == WorkerState.STOPPING) {
            ended.tidyUp(version, store.objects());
            listener.ended();
        }
    }

    private Duration stopLimit() {
        return settings.checkpoints().timeout().plus(STOP_MARGIN);
    }

    private void fail(Throwable cause) {
        synchronized (this) {
            if (state == WorkerState.FAILED || state == WorkerState.STOPPED) {
                return;
            }
            failure = cause;
            state = WorkerState.FAILED;
        }
        end.asked();
        loops.all().forEach(Loop::stop);
        listener.failed(cause);
    }

    /**
     * Lets every loop take a checkpoint that begins from now on.
     *
     * @return completes when they have ended, with what they were, failed ones included; a loop in which nothing has changed
     *     adds none. Fails when a loop ends before it has answered
     */
    public CompletableFuture<List<CheckpointReport>> checkpoint() {
        return loops.checkpoint();
    }

    /** Processes no record until {@link #resume}. The partitions stay here, and what was processed is committed. */
    public void pause() {
        if (loops.pause()) {
            LOG.infof(
                    "job %s: this worker is paused, and keeps its partitions",
                    settings.job().name());
        }
    }

    /** Processes no record until it is known whether the job is paused. */
    @SuppressWarnings("FutureReturnValueIgnored") // It does not fail.
    void holdUntil(CompletionStage<Boolean> known) {
        loops.hold(true);
        known.whenComplete((isPaused, failure) -> {
            if (failure == null && isPaused) {
                pause();
            }
            loops.hold(false);
        });
    }

    /** Continues after {@link #pause}. */
    public void resume() {
        if (loops.resume()) {
            LOG.infof("job %s: this worker continues", settings.job().name());
        }
    }

    /** Whether it has been paused. */
    public boolean isPaused() {
        return loops.isPaused();
    }

    /**
     * Reads a key's value of a partition that this worker has. Waits for two seconds at most.
     *
     * @return what is right at some moment of this call; {@link StateAnswer.Unavailable} where that cannot be determined, above all
     *     while the partition is somewhere else, being restored or moving, or the group cannot be reached
     */
    public StateAnswer read(StateQuery query) {
        return read(List.of(query)).get(0);
    }

    /** As {@link #read(StateQuery)}, of several keys in parallel. @return the answers, in the order of the keys */
    public List<StateAnswer> read(List<StateQuery> queries) {
        return reader.read(queries);
    }

    /** Who has which partition. */
    public GroupDirectory directory() {
        return directory;
    }

    /** What it was started with. */
    public Settings settings() {
        return settings;
    }

    /** Where it stands. */
    public WorkerState state() {
        return state;
    }

    /** Why it FAILED. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** What is happening, as of now. */
    public WorkerStatus status() {
        return new WorkerStatus(
                new WorkerStatus.Identity(settings.job().name(), settings.job().instance(), version, startedAt),
                state,
                loops.isPaused(),
                loops.infos(),
                loops.partitions(),
                new WorkerStatus.Surroundings(
                        contact.sinceKafka(),
                        store.status(),
                        coverage.missing(),
                        coverage.uncovered(),
                        settings.checkpoints()
                                .interval()
                                .plus(settings.checkpoints().minPause())
                                .plus(settings.checkpoints().timeout())));
    }

    /** The keys that are updated most and those with the largest values, as of a few seconds ago. */
    public HotKeys hotKeys() {
        return loops.hotKeys();
    }

    /** What its databases cost, as of now. Blocks no loop. */
    public WorkerFigures figures() {
        RocksResources opened = rocks;
        return loops.figures(opened == null ? CacheFigures.NONE : opened.cacheFigures());
    }

    private synchronized void closeAll() {
        resources.close();
    }
}
