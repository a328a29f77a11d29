package dev.cairn.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.settings.Settings;
import dev.cairn.state.CacheFigures;
import dev.cairn.storage.ObjectStore;
import dev.cairn.worker.group.GroupDirectory;
import dev.cairn.worker.loop.Ending;
import dev.cairn.worker.loop.Loop;
import dev.cairn.worker.record.ProcessorFactory;
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
    private final String version;
    private final WorkerListener listener;
    private final Loops loops = new Loops();
    private final StateReader reader = new StateReader(loops.all());
    private final WorkerSurroundings around;
    private final WorkerStart start;
    private volatile WorkerState state = WorkerState.CREATED;
    private volatile WorkerStart.Opened opened;
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
        this.version = version;
        this.listener = listener;
        this.around = WorkerSurroundings.of(settings, store, loops, listener);
        this.start = new WorkerStart(settings, processors, stores, observer, version, listener, around);
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
            closeAll();
            throw e;
        }
    }

    private void open() {
        opened = start.open();
        for (int number = 0; number < settings.job().threads(); number++) {
            loops.add(opened.factory().create(number), this::fail);
        }
        loops.start();
        new WorkerWatches(settings, around, this::status).start(opened.kafka(), loops, this::fail, this::end);
        start.report(opened);
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
        around.end().asked();
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
        around.end().asked();
        loops.end(Ending.LEAVE, stopLimit());
        if (state == WorkerState.STOPPING) {
            ended.tidyUp(version, around.store().objects());
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
            state = WorkerState.FAILED;
        }
        around.end().asked();
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
        return around.directory();
    }

    /** What it was started with. */
    public Settings settings() {
        return settings;
    }

    /** Where it stands. */
    public WorkerState state() {
        return state;
    }

    /** What is happening, as of now. */
    public WorkerStatus status() {
        return new WorkerStatus(
                new WorkerStatus.Identity(settings.job().name(), settings.job().instance(), version, startedAt),
                state,
                loops.isPaused(),
                loops.infos(),
                loops.partitions(),
                around.status(settings.checkpoints()));
    }

    /** The keys that are updated most and those with the largest values, as of a few seconds ago. */
    public HotKeys hotKeys() {
        return loops.hotKeys();
    }

    /** What its databases cost, as of now. Blocks no loop. */
    public WorkerFigures figures() {
        WorkerStart.Opened now = opened;
        return loops.figures(now == null ? CacheFigures.NONE : now.rocks().cacheFigures());
    }

    private synchronized void closeAll() {
        around.close();
    }
}
