package dev.cairn.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.checkpoint.write.BaseTurns;
import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.checkpoint.write.CheckpointOptions;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.checkpoint.write.CleanUp;
import dev.cairn.job.Group;
import dev.cairn.job.JobOperations;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.DurationText;
import dev.cairn.settings.Retention;
import dev.cairn.settings.Settings;
import dev.cairn.state.CacheFigures;
import dev.cairn.state.RocksLibrary;
import dev.cairn.state.RocksResources;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StoreStatus;
import dev.cairn.worker.group.GroupDirectory;
import dev.cairn.worker.group.GroupOffsets;
import dev.cairn.worker.group.InputTopics;
import dev.cairn.worker.loop.BrokerContact;
import dev.cairn.worker.loop.ClientConfigs;
import dev.cairn.worker.loop.Ending;
import dev.cairn.worker.loop.Loop;
import dev.cairn.worker.loop.LoopFactory;
import dev.cairn.worker.loop.MemoryBudget;
import dev.cairn.worker.loop.ProcessMemory;
import dev.cairn.worker.output.EndWatch;
import dev.cairn.worker.output.KafkaClients;
import dev.cairn.worker.output.OutputTopics;
import dev.cairn.worker.output.OutputWatch;
import dev.cairn.worker.output.TransactionFencer;
import dev.cairn.worker.record.ProcessorFactory;
import dev.cairn.worker.start.JobEndedException;
import dev.cairn.worker.start.PartitionStarter;
import dev.cairn.worker.start.StartPath;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.HotKeys;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerEvent;
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
    private static final int IO_THREADS = 8;
    private static final long CONTACT_MILLIS = 500;

    /** Bases can wait, so they get little: checkpoints neither queue behind them nor share their transfers. */
    private static final int BASES_AT_ONCE = 2;

    /** They wait for the store most of the time: enough for 500 partitions every 2 s, with 50 ms for a request. */
    private static final int WRITE_THREADS = 16;

    /** All partitions of a worker that ends are marked at the same time. */
    private static final int MARK_THREADS = 16;

    private static final Duration ADMIN_CLOSE_LIMIT = Duration.ofMillis(500);
    private static final Duration DELETE_LIMIT = Duration.ofSeconds(30);
    private static final Duration TIDY_LIMIT = Duration.ofSeconds(5);
    static final Duration STOP_MARGIN = Duration.ofSeconds(15);

    private final Settings settings;
    private final ProcessorFactory processors;
    private final Supplier<ObjectStore> store;
    private final Function<String, ObjectStore> stores;
    private final CheckpointObserver observer;
    private final String version;
    private final WorkerListener listener;
    private final GroupDirectory directory;
    private final KafkaClients clients;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();
    private final StateReader reader = new StateReader(loops);
    private final BrokerContact broker = new BrokerContact();
    private final EndWatch end = new EndWatch(this::sinceContact);
    private final Coverage coverage = new Coverage();
    private final List<Thread> threads = new ArrayList<>();
    private final List<AutoCloseable> closeables = new ArrayList<>();
    private volatile WorkerState state = WorkerState.CREATED;
    private volatile Throwable failure;
    private volatile boolean paused;
    private volatile boolean held;
    private volatile ObjectStore objects;
    private volatile RocksResources resources;
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
        this.store = store;
        this.stores = stores;
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
        ClientConfigs configs = new ClientConfigs(settings, memory);
        StartWait.Asked<Optional<JobEnd>> asked =
                StartWait.ask("the store at " + settings.checkpoints().dir(), this::openStore);
        closeables.add(() -> closeStore(asked));
        watchContact();
        LocalRoots.check(settings.local().rootDirs());
        CompletableFuture<Void> library = CompletableFuture.runAsync(this::loadRocks);
        Admin admin = admin(configs);
        // A call that is still waiting for a broker must not hold up the end.
        closeables.add(() -> admin.close(ADMIN_CLOSE_LIMIT));
        broker.of(admin.metrics());
        StartChecks checks = new StartChecks(settings, admin);
        TransactionFencer fencer = new TransactionFencer(admin, settings.job().name());
        KafkaFuture<Collection<TransactionListing>> pending = fencer.askPending();
        String kafka = "Kafka at " + SettingNames.KAFKA_BOOTSTRAP_SERVERS + "="
                + settings.kafka().clientProperties().get("bootstrap.servers");
        StartWait.Asked<OutputTopics> outputs = StartWait.ask(kafka, () -> OutputTopics.of(settings.job(), admin));
        closeables.add(outputs::giveUp);
        StartWait.on(kafka, checks::run);
        InputTopics topics = new InputTopics(admin, settings.job().inputTopics());
        fencer.fenceOwnLoopsFrom(loopCount, settings.job().instance(), pending);
        library.join();
        RocksResources rocks = new RocksResources(memory.blockCacheBytes());
        closeables.add(rocks);
        resources = rocks;
        OutputTopics outputTopics = outputs.answer();
        configs.limitBatches(outputTopics.batchLimit());
        OutputWatch outputWatch = new OutputWatch(
                outputTopics,
                configs::limitBatches,
                executor(Executors.newCachedThreadPool(daemon("cairn-flush"))),
                end);
        GroupOffsets group = new GroupOffsets(configs.reader());
        closeables.add(group);
        Optional<JobEnd> jobEnd = asked.answer();
        ExecutorService io = executor(Executors.newFixedThreadPool(WRITE_THREADS, daemon("cairn-io")));
        ExecutorService bases = Executors.newFixedThreadPool(BASES_AT_ONCE, daemon("cairn-base"));
        // The upload of a base that is broken off takes back what it has stored.
        closeables.add(() -> bases.awaitTermination(TIDY_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        executor(bases);
        ScheduledExecutorService restores =
                Executors.newScheduledThreadPool(Math.max(2, loopCount), daemon("cairn-restore"));
        // A start that is broken off closes its database, and leaves the local directory to the next worker.
        closeables.add(() -> restores.awaitTermination(TIDY_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        executor(restores);
        ExecutorService downloads = executor(Executors.newFixedThreadPool(IO_THREADS, daemon("cairn-download")));
        CleanUp cleanUp = new CleanUp(
                objects,
                executor(Executors.newSingleThreadExecutor(daemon("cairn-clean-up"))),
                executor(Executors.newFixedThreadPool(MARK_THREADS, daemon("cairn-mark"))));
        Checkpointing checkpointing = new Checkpointing(
                settings.job().name(),
                settings.job().instance(),
                version,
                checks.clusterId(),
                objects,
                settings.local().rootDirs(),
                settings.local().recovery(),
                rocks,
                new CheckpointOptions(
                        settings.checkpoints().incremental(),
                        settings.checkpoints().inlineThreshold().bytes(),
                        settings.checkpoints().retained()),
                observer,
                downloads,
                new BaseTurns(BASES_AT_ONCE));
        StartPath startPath = startPath(checkpointing);
        jobEnd.ifPresent(found -> requireStartedAgain(found, startPath, checkpointing));
        ExecutorService events = executor(Executors.newSingleThreadExecutor(daemon("cairn-events")));
        PartitionStarter starter = new PartitionStarter(settings, checkpointing, group, topics, fencer, startPath);
        LoopFactory factory = new LoopFactory(
                settings,
                processors,
                clients,
                configs,
                outputWatch,
                memory,
                directory,
                checkpointing,
                starter,
                group,
                topics,
                observer,
                new LoopFactory.Threads(io, bases, restores, cleanUp, this::behind),
                event -> tell(events, event),
                end);
        for (int number = 0; number < loopCount; number++) {
            add(factory.create(number));
        }
        threads.forEach(Thread::start);
        ScheduledExecutorService watch = executor(Executors.newSingleThreadScheduledExecutor(daemon("cairn-watch")));
        new GroupWatch(settings, checks, admin, loops, coverage, this::fail).start(watch);
        new JobEndWatch(objects, settings.job().name(), this::end)
                .start(executor(Executors.newSingleThreadScheduledExecutor(daemon("cairn-end-watch"))));
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

    /** On a thread of its own, because others wait for answers. From the start on: that waits for them, too. */
    @SuppressWarnings("FutureReturnValueIgnored") // It ends with its executor.
    private void watchContact() {
        executor(Executors.newSingleThreadScheduledExecutor(daemon("cairn-contact")))
                .scheduleWithFixedDelay(
                        () -> {
                            // Notices what has had no answer for long.
                            storeStatus();
                            broker.look();
                            loops.forEach(loop -> loop.status().broker().look());
                        },
                        0,
                        CONTACT_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /** Says also whether the job has ended. */
    private Optional<JobEnd> openStore() {
        objects = store.get();
        return JobEnd.read(objects, settings.job().name());
    }

    private void closeStore(StartWait.Asked<?> asked) {
        asked.giveUp();
        if (objects != null) {
            objects.close();
        }
    }

    private StoreStatus storeStatus() {
        ObjectStore opened = objects;
        return opened == null ? StoreStatus.UNKNOWN : opened.status();
    }

    /** A job that was stopped to be started from its savepoint is started by starting it from there. */
    private void requireStartedAgain(JobEnd jobEnd, StartPath startPath, Checkpointing checkpointing) {
        String job = settings.job().name();
        if (jobEnd.kind() != JobEnd.Kind.STOPPED || !startPath.isNew(checkpointing)) {
            throw new JobEndedException(job, jobEnd);
        }
        JobEnd.delete(objects, job);
        LOG.infof("job %s was stopped at %s, and is started from %s", job, jobEnd.at(), startPath);
    }

    private StartPath startPath(Checkpointing checkpointing) {
        return settings.recovery()
                .path()
                .map(path -> StartPath.open(
                        path,
                        settings.recovery().again().orElse(null),
                        settings.recovery().claimMode(),
                        this::openElsewhere,
                        checkpointing))
                .orElse(StartPath.NONE);
    }

    private ObjectStore openElsewhere(String location) {
        ObjectStore store = stores.apply(location);
        closeables.add(store);
        return store;
    }

    private void loadRocks() {
        RocksLibrary.load(settings.local()
                .rootDirs()
                .get(0)
                .resolve(settings.job().name())
                .resolve(settings.job().instance())
                .resolve("native")
                .toAbsolutePath());
    }

    private Admin admin(ClientConfigs configs) {
        try {
            return clients.admin(configs.admin());
        } catch (KafkaException e) {
            // What is wrong is said by the innermost cause: a host name, a key store, a login module.
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new StopWorkerException(
                    "Kafka's client cannot be opened for " + SettingNames.KAFKA_BOOTSTRAP_SERVERS + "="
                            + settings.kafka().clientProperties().get("bootstrap.servers") + ": " + Clause.of(cause)
                            + ". Correct the address, or the other kafka.* settings",
                    e);
        }
    }

    private void add(Loop loop) {
        loop.pause(paused || held);
        loops.add(loop);
        threads.add(new Thread(
                () -> {
                    loop.run();
                    if (loop.state() == Loop.State.FAILED) {
                        fail(loop.failure());
                    }
                },
                "cairn-loop-" + loop.number()));
    }

    private void tell(ExecutorService events, WorkerEvent event) {
        try {
            events.execute(() -> listener.happened(event));
        } catch (RejectedExecutionException e) {
            // The worker is closing, and nobody listens any more.
            LOG.debugf("not told: %s", event);
        }
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
        loops.forEach(loop -> loop.end(how));
        long deadline = System.nanoTime() + stopLimit().toNanos();
        for (Thread thread : threads) {
            join(thread, Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
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
        boolean delete = end.kind() == JobEnd.Kind.CANCELLED
                && settings.checkpoints().retention() != Retention.RETAIN_ON_CANCELLATION;
        LOG.infof(
                "job %s was %s at %s: this worker takes its last checkpoint, %s",
                settings.job().name(),
                end.kind().name().toLowerCase(Locale.ROOT),
                end.at(),
                delete ? "and ends; the last worker deletes the job's checkpoints" : "and ends");
        this.end.asked();
        loops.forEach(loop -> loop.end(Ending.LEAVE));
        threads.forEach(thread -> join(thread, stopLimit()));
        if (state == WorkerState.STOPPING) {
            if (delete) {
                deleteCheckpoints();
            }
            listener.ended();
        }
    }

    /** The worker that leaves last finds the group empty. Those that left just before may delete at the same time. */
    private void deleteCheckpoints() {
        String job = settings.job().name();
        try (Group group = Group.of(job, Optional.of(settings.kafka()))) {
            new JobOperations(job, version, objects, group).deleteEnded(DELETE_LIMIT);
            LOG.infof("job %s: its checkpoints are deleted", job);
        } catch (RuntimeException e) {
            LOG.warnf(
                    "job %s: its checkpoints are not all deleted: %s. Another worker that is leaving may delete them; if none is"
                            + " left, run cairn job cancel again with the same retention",
                    job, Clause.of(e));
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
        loops.forEach(Loop::stop);
        listener.failed(cause);
    }

    /**
     * Lets every loop take a checkpoint that begins from now on.
     *
     * @return completes when they have ended, with what they were, failed ones included; a loop in which nothing has changed
     *     adds none. Fails when a loop ends before it has answered
     */
    public CompletableFuture<List<CheckpointReport>> checkpoint() {
        List<CompletableFuture<Optional<CheckpointReport>>> answers =
                loops.stream().map(Loop::checkpoint).toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> answers.stream()
                        .flatMap(answer -> answer.join().stream())
                        .toList());
    }

    /** Processes no record until {@link #resume}. The partitions stay here, and what was processed is committed. */
    public synchronized void pause() {
        if (!paused) {
            paused = true;
            loops.forEach(loop -> loop.pause(true));
            LOG.infof(
                    "job %s: this worker is paused, and keeps its partitions",
                    settings.job().name());
        }
    }

    /** Processes no record until it is known whether the job is paused. */
    void holdUntil(CompletionStage<Boolean> known) {
        held = true;
        // On a thread of its own: it waits for a start under way, and whoever completes this may have to time others'
        // waits.
        known.whenCompleteAsync(
                (isPaused, failure) -> release(failure == null && isPaused),
                task -> daemon("cairn-hold").newThread(task).start());
    }

    private synchronized void release(boolean andPause) {
        if (andPause) {
            pause();
        }
        held = false;
        loops.forEach(loop -> loop.pause(paused));
    }

    /** Goes on after {@link #pause}. */
    public synchronized void resume() {
        if (paused) {
            paused = false;
            loops.forEach(loop -> loop.pause(held));
            LOG.infof("job %s: this worker goes on", settings.job().name());
        }
    }

    /** Whether it has been paused. */
    public boolean isPaused() {
        return paused;
    }

    /**
     * Reads a key's value of a partition that this worker has. Waits for two seconds at most.
     *
     * @return what is right at some moment of this call; {@link StateAnswer.Unavailable} where that cannot be said, above all
     *     while the partition is somewhere else, being restored or moving, or the group cannot be reached
     */
    public StateAnswer read(StateQuery query) {
        return read(List.of(query)).get(0);
    }

    /** As {@link #read(StateQuery)}, of several keys beside each other. @return the answers, in the order of the keys */
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
        return WorkerStatuses.of(
                settings.job().name(),
                settings.job().instance(),
                version,
                startedAt,
                state,
                paused,
                loops,
                new WorkerStatuses.Surroundings(
                        broker.sinceContact(),
                        storeStatus(),
                        coverage.missing(),
                        coverage.uncovered(),
                        checkpointOverdueAfter()));
    }

    /** How long ago Kafka last answered any of its clients. */
    private Duration sinceContact() {
        Duration shortest = broker.sinceContact();
        for (Loop loop : loops) {
            Duration ofLoop = loop.status().broker().sinceContact();
            shortest = ofLoop.compareTo(shortest) < 0 ? ofLoop : shortest;
        }
        return shortest;
    }

    /** How old the oldest change without a checkpoint may be. */
    private Duration checkpointOverdueAfter() {
        return settings.checkpoints()
                .interval()
                .plus(settings.checkpoints().minPause())
                .plus(settings.checkpoints().timeout());
    }

    /** The keys that are updated most and those with the largest values, as of a few seconds ago. */
    public HotKeys hotKeys() {
        return HotKeys.of(loops.stream().map(loop -> loop.status().hotKeys()).toList());
    }

    /** What its state and outputs cost, as of now. Blocks no loop. */
    public WorkerFigures figures() {
        RocksResources rocks = resources;
        return new WorkerFigures(
                loops.stream().map(loop -> loop.status().figures(loop.number())).toList(),
                loops.stream()
                        .flatMap(loop -> loop.status().tasks().stream())
                        .flatMap(task -> task.figures().stream())
                        .toList(),
                rocks == null ? CacheFigures.NONE : rocks.cacheFigures());
    }

    private ExecutorService behind(int loop) {
        return executor(Executors.newSingleThreadExecutor(daemon("cairn-checkpoint-" + loop)));
    }

    private <E extends ExecutorService> E executor(E executor) {
        closeables.add(executor::shutdownNow);
        return executor;
    }

    private synchronized void closeAll() {
        for (int i = closeables.size() - 1; i >= 0; i--) {
            try {
                closeables.get(i).close();
            } catch (Exception e) {
                LOG.debugf(e, "while closing");
            }
        }
        closeables.clear();
    }

    private static void join(Thread thread, Duration limit) {
        try {
            thread.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory daemon(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }
}
