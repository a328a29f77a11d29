package dev.cairn.worker.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.cairn.api.Processor;
import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.checkpoint.write.PartitionCheckpoints;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.JobSettings;
import dev.cairn.state.AuthorError;
import dev.cairn.state.DamagedDatabaseException;
import dev.cairn.state.KeyedState;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.StateMemory;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.record.ProcessorFactory;
import dev.cairn.worker.record.RecordErrors;
import dev.cairn.worker.record.RecordPipeline;
import dev.cairn.worker.start.PartitionStarter;
import dev.cairn.worker.start.StartedPartition;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerEvent;

/**
 * The partitions of a loop: taken over, restored beside the loop, run, given up. On the loop's thread, apart from the
 * attempts to start one, which report back through a queue. Where all of the state is on the heap, it is loaded beside the
 * loop, too: once the processor has said on the loop's thread what it keeps.
 */
final class LoopPartitions {

    private static final Logger LOG = Logger.getLogger(LoopPartitions.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration PARKED_RETRY = Duration.ofSeconds(5);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);
    private static final Duration LOAD_END_LIMIT = Duration.ofSeconds(10);

    private final JobSettings job;
    private final boolean ignoreUnclaimedState;
    private final Consumer<byte[], byte[]> consumer;
    private final Outputs outputs;
    private final StateMemory memory;
    private final RecordErrors errors;
    private final Checkpointing checkpointing;
    private final PartitionStarter starter;
    private final ProcessorFactory processors;
    private final ScheduledExecutorService restores;
    private final LoopStatus status;
    private final String worker;
    private final java.util.function.Consumer<WorkerEvent> events;

    private final Map<Integer, PartitionTask> tasks = new TreeMap<>();
    private final BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();
    private volatile boolean isClosed;
    private final RestoredPartitions running = new RestoredPartitions(System::nanoTime);
    private int loads;

    /** A step towards a running partition that has come to an end: with a result, with a failure, or with both. */
    private record Attempt(PartitionTask task, StartedPartition result, Throwable failure) {

        boolean isLoad() {
            return result instanceof StartedPartition.Opened;
        }

        void discard() {
            if (result instanceof StartedPartition.Ready ready) {
                ready.restored().close();
            } else if (result instanceof StartedPartition.Opened opened) {
                opened.close();
            }
        }
    }

    LoopPartitions(
            JobSettings job,
            boolean ignoreUnclaimedState,
            Consumer<byte[], byte[]> consumer,
            Outputs outputs,
            StateMemory memory,
            RecordErrors errors,
            Checkpointing checkpointing,
            PartitionStarter starter,
            ProcessorFactory processors,
            ScheduledExecutorService restores,
            LoopStatus status,
            String worker,
            java.util.function.Consumer<WorkerEvent> events) {
        this.job = job;
        this.ignoreUnclaimedState = ignoreUnclaimedState;
        this.consumer = consumer;
        this.outputs = outputs;
        this.memory = memory;
        this.errors = errors;
        this.checkpointing = checkpointing;
        this.starter = starter;
        this.processors = processors;
        this.restores = restores;
        this.status = status;
        this.worker = worker;
        this.events = events;
    }

    Collection<PartitionTask> all() {
        return tasks.values();
    }

    PartitionTask get(int partition) {
        return tasks.get(partition);
    }

    List<TopicPartition> runningInputs() {
        List<TopicPartition> inputs = new ArrayList<>();
        for (PartitionTask task : tasks.values()) {
            if (task.isProcessing()) {
                inputs.addAll(task.inputs());
            }
        }
        return inputs;
    }

    /**
     * Looks whether the state of all of them still fits.
     *
     * @throws dev.cairn.state.StateTooLargeException when it does not
     */
    void requireRoom() {
        memory.requireRoom();
    }

    /** Whether any of them are being started. */
    boolean anyStarting() {
        for (PartitionTask task : tasks.values()) {
            if (task.state() == PartitionState.RESTORING) {
                return true;
            }
        }
        return false;
    }

    /** Whether any of them are running. */
    boolean anyRunning(Collection<TopicPartition> inputs) {
        return inputs.stream()
                .anyMatch(input -> tasks.containsKey(input.partition())
                        && tasks.get(input.partition()).isRunning());
    }

    /**
     * Takes over the numbers that the consumer now has, of every input topic. Their inputs stay paused until their state
     * is there.
     */
    void takeOver(Collection<TopicPartition> assigned) {
        for (TopicPartition input : assigned) {
            // A paused partition without a position makes every poll of the others wait.
            consumer.seek(input, 0);
        }
        consumer.pause(assigned);
        Map<Integer, List<TopicPartition>> owned = new HashMap<>();
        consumer.assignment().forEach(input -> owned.computeIfAbsent(input.partition(), number -> new ArrayList<>())
                .add(input));
        Set<Integer> numbers = new TreeSet<>();
        assigned.forEach(input -> numbers.add(input.partition()));
        owned.keySet().retainAll(numbers);
        starter.assigned(owned, restores);
        LOG.infof("assigned %s, restores them now", PartitionRanges.named(numbers));
        for (int number : numbers) {
            PartitionTask before = tasks.remove(number);
            if (before != null) {
                before.close();
            }
            List<TopicPartition> inputs = owned.get(number);
            if (inputs.size() == job.inputTopics().size()) {
                PartitionTask task = new PartitionTask(number, inputs, job.hotKeys());
                tasks.put(number, task);
                restore(task, Duration.ZERO);
            }
        }
        status.tasks(tasks.values());
    }

    /** Lets others see how the state was read. */
    void showReads() {
        status.stateReads(memory.reads(), memory.misses());
    }

    /** Lets go of numbers, whatever they hold. */
    void giveUp(Collection<TopicPartition> inputs) {
        for (TopicPartition input : inputs) {
            PartitionTask task = tasks.remove(input.partition());
            if (task != null) {
                task.close();
            }
        }
        status.tasks(tasks.values());
    }

    /** Starts a partition again, from what is committed. It has been rolled back. */
    void restart(PartitionTask task) {
        consumer.pause(task.inputs());
        // A position that the log does not have makes every poll fail, even of a paused partition.
        task.inputs().forEach(input -> consumer.seek(input, 0));
        task.restart();
        restore(task, Duration.ZERO);
    }

    /** As {@link #restart}, but from the store, because the local database is damaged. */
    void restartFromStore(PartitionTask task, LocalStateException damage) {
        consumer.pause(task.inputs());
        Optional<CheckpointMetadata> committed = task.checkpoints().committed();
        Restored restored = task.detach();
        restoreFromStore(task, restored, damage, committed.equals(restored.checkpoint()));
    }

    /**
     * Closing and removing a database takes as long as the disk does, so it is none of the loop's work.
     *
     * @param unchanged whether the database is still at what it was restored to
     */
    private void restoreFromStore(
            PartitionTask task, Restored restored, LocalStateException damage, boolean unchanged) {
        int times = task.damaged();
        Duration delay = times == 1 ? Duration.ZERO : backoff(FIRST_RETRY, times);
        LOG.errorf(
                "partition %s: the local database is damaged, will restore it from the store in %s ms: %s",
                task.partition(), delay.toMillis(), damage.getMessage());
        boolean cameWhole = restored.source() == Restored.Source.STORE || restored.source() == Restored.Source.PATH;
        boolean asStored = unchanged && cameWhole && damage instanceof DamagedDatabaseException;
        CompletableFuture<Void> removed =
                CompletableFuture.runAsync(() -> discard(task, restored, damage, asStored), restores);
        restore(task, delay, removed);
    }

    /** In the background. What no damaged file of the disk explains is in the checkpoint. */
    private void discard(PartitionTask task, Restored restored, LocalStateException damage, boolean asStored) {
        Optional<String> found = checkpointing.discard(task.partition(), restored);
        if (asStored && found.isEmpty()) {
            CheckpointId id = restored.content().orElseThrow().id();
            starter.distrust(
                    id, id + " cannot be read, although every file is the one that was stored: " + damage.getMessage());
        }
    }

    /** Takes note of attempts that have come to an end. */
    void advance() {
        for (Attempt attempt = attempts.poll(); attempt != null; attempt = attempts.poll()) {
            PartitionTask task = attempt.task();
            if (task.state() == PartitionState.CLOSED) {
                drop(attempt);
            } else if (attempt.result() instanceof StartedPartition.Opened opened) {
                loads--;
                loaded(task, opened, attempt.failure());
            } else if (attempt.result() instanceof StartedPartition.Ready ready) {
                open(task, ready);
            } else if (attempt.result() instanceof StartedPartition.Parked parked) {
                park(task, parked);
            } else if (attempt.failure() instanceof Error error) {
                throw error;
            } else {
                Duration delay = backoff(FIRST_RETRY, task.attempts());
                LOG.warnf(
                        "partition %s cannot be restored yet, it is tried again in %s ms: %s",
                        task.partition(), delay.toMillis(), attempt.failure().getMessage());
                restore(task, delay);
            }
        }
        if (!running.isEmpty()) {
            running.look(anyStarting());
        }
    }

    private void park(PartitionTask task, StartedPartition.Parked parked) {
        String cause = parked.retry() == StartedPartition.Retry.NEVER
                ? parked.cause() + ". It stays parked until the worker is started again"
                : parked.cause();
        if (!cause.equals(task.parkedBecause())) {
            LOG.errorf("partition %s is parked, the others go on: %s", task.partition(), cause);
            events.accept(new WorkerEvent.PartitionParked(Instant.now(), worker, task.partition(), cause));
        }
        task.park(cause);
        if (parked.retry() == StartedPartition.Retry.LATER) {
            restore(task, backoff(PARKED_RETRY, task.attempts()));
        }
    }

    private void open(PartitionTask task, StartedPartition.Ready ready) {
        Restored restored = ready.restored();
        KeyedState state = new KeyedState(
                restored.database(),
                memory,
                restored.content().map(CheckpointMetadata::states).orElse(List.of()));
        RecordPipeline<?, ?, ?, ?> pipeline;
        try {
            pipeline = open(task.partition(), create(), state);
            requireClaimed(state, restored);
        } catch (RuntimeException e) {
            restored.close();
            throw e;
        }
        StartedPartition.Opened opened = new StartedPartition.Opened(ready, state, pipeline);
        if (memory.holdsAll()) {
            loads++;
            restores.execute(() -> load(task, opened));
        } else {
            run(task, opened);
        }
    }

    /** Beside the loop, because it takes seconds where there is much. */
    private void load(PartitionTask task, StartedPartition.Opened opened) {
        Throwable failure = null;
        try {
            opened.state().load(() -> task.state() != PartitionState.CLOSED);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        arrive(new Attempt(task, opened, failure));
    }

    private void loaded(PartitionTask task, StartedPartition.Opened opened, Throwable failure) {
        if (failure == null) {
            opened.state().start();
            run(task, opened);
            return;
        }
        if (failure instanceof LocalStateException damage) {
            opened.closeState();
            restoreFromStore(task, opened.ready().restored(), damage, true);
            return;
        }
        opened.close();
        if (failure instanceof Error error) {
            throw error;
        } else {
            throw (RuntimeException) failure;
        }
    }

    private void run(PartitionTask task, StartedPartition.Opened opened) {
        Restored restored = opened.ready().restored();
        PartitionCheckpoints checkpoints =
                checkpointing.resume(task.partition(), restored, opened.ready().claim(), outputs.transactionalIds());
        task.run(opened, checkpoints);
        for (InputCursor cursor : task.cursors()) {
            consumer.seek(cursor.input(), cursor.position());
        }
        consumer.resume(task.inputs());
        events.accept(restored(task, restored));
        running.add(new RestoredPartitions.Entry(
                task.partition(),
                restored.source(),
                named(restored),
                restored.fetchedBytes(),
                opened.ready().positions().toString()));
    }

    private WorkerEvent restored(PartitionTask task, Restored restored) {
        return new WorkerEvent.PartitionRestored(
                Instant.now(),
                worker,
                task.partition(),
                restored.source(),
                restored.content().map(CheckpointMetadata::number).orElse(0L),
                restored.begunFrom()
                        .map(Snapshot::location)
                        .or(() -> restored.checkpoint()
                                .map(checkpoint ->
                                        checkpointing.store(task.partition()).locationOf(checkpoint.number())))
                        .orElse(""),
                restored.fetchedBytes(),
                task.sinceRestoreBegan());
    }

    private Processor<?, ?, ?, ?> create() {
        try {
            return processors.create();
        } catch (RuntimeException e) {
            throw new StopWorkerException("the processor cannot be created: " + AuthorError.describe(e), e);
        }
    }

    private <K, V, KOut, VOut> RecordPipeline<K, V, KOut, VOut> open(
            int partition, Processor<K, V, KOut, VOut> processor, KeyedState state) {
        return RecordPipeline.open(
                partition, processor, state, errors, job.outputTopic().orElse(null), outputs);
    }

    /** State that nobody reads any more may be a typing error in a state's name, which would lose what was counted. */
    private void requireClaimed(KeyedState state, Restored restored) {
        List<String> unclaimed = state.unclaimed();
        if (!unclaimed.isEmpty() && !ignoreUnclaimedState) {
            throw new StopWorkerException("the processor declares no state named " + String.join(", ", unclaimed)
                    + ", but " + restored.content().orElseThrow().id() + " holds it. Declare it, or set"
                    + " " + SettingNames.IGNORE_UNCLAIMED_STATE + "=true to carry it on unread");
        }
    }

    private static String named(Restored restored) {
        return restored.begunFrom()
                .filter(snapshot -> restored.source() == Restored.Source.PATH)
                .map(Snapshot::location)
                .or(() ->
                        restored.checkpoint().map(checkpoint -> checkpoint.id().toString()))
                .orElse("");
    }

    private void restore(PartitionTask task, Duration delay) {
        restore(task, delay, CompletableFuture.completedFuture(null));
    }

    /** @param ready runs on the same threads, and was begun before */
    private void restore(PartitionTask task, Duration delay, CompletableFuture<Void> ready) {
        Future<?> attempt = restores.schedule(() -> attempt(task, ready), delay.toMillis(), TimeUnit.MILLISECONDS);
        task.restoreBy(attempt);
    }

    private void attempt(PartitionTask task, CompletableFuture<Void> ready) {
        if (task.state() == PartitionState.CLOSED) {
            return;
        }
        Attempt attempt;
        try {
            ready.exceptionally(e -> null).join();
            attempt = new Attempt(task, starter.start(task.partition(), task.inputs(), task.beginProgress()), null);
        } catch (RuntimeException | Error e) {
            attempt = new Attempt(task, null, e);
        }
        arrive(attempt);
    }

    /** On the thread that made the attempt. After {@link #close} nothing takes it from here, so its database is closed. */
    private void arrive(Attempt attempt) {
        attempts.add(attempt);
        if (isClosed && attempts.remove(attempt)) {
            attempt.discard();
        }
    }

    /**
     * Lets go of everything. Waits for loads, which end soon because no one wants them any more. Attempts that are still under
     * way close their databases by themselves.
     */
    void close() {
        running.look(false);
        if (!tasks.isEmpty()) {
            LOG.infof("closed %s", PartitionRanges.named(tasks.keySet()));
        }
        giveUp(consumer.assignment());
        List.copyOf(tasks.values()).forEach(PartitionTask::close);
        tasks.clear();
        awaitLoads();
        isClosed = true;
        for (Attempt late = attempts.poll(); late != null; late = attempts.poll()) {
            late.discard();
        }
    }

    private void drop(Attempt attempt) {
        if (attempt.isLoad()) {
            loads--;
        }
        attempt.discard();
    }

    private void awaitLoads() {
        long deadline = System.nanoTime() + LOAD_END_LIMIT.toNanos();
        try {
            while (loads > 0) {
                Attempt last = attempts.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (last == null) {
                    return;
                }
                drop(last);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration backoff(Duration first, int attempts) {
        Duration delay = first.multipliedBy(1L << Math.min(attempts, 10));
        return delay.compareTo(LAST_RETRY) < 0 ? delay : LAST_RETRY;
    }
}
