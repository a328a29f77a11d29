package dev.cairn.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.cairn.api.Processor;
import dev.cairn.checkpoint.CheckpointMetadata;
import dev.cairn.checkpoint.Checkpointing;
import dev.cairn.checkpoint.PartitionCheckpoints;
import dev.cairn.checkpoint.Restored;
import dev.cairn.checkpoint.Snapshot;
import dev.cairn.settings.JobSettings;
import dev.cairn.state.KeyedState;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.StateMemory;

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
    private int loads;

    /** A step towards a running partition that has come to an end: with a result, with a failure, or with both. */
    private record Attempt(PartitionTask task, StartedPartition result, Throwable failure) {}

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
            if (task.isRunning()) {
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
        restores.execute(starter::endTransactionsLeftBehind);
        Set<Integer> numbers = new TreeSet<>();
        assigned.forEach(input -> numbers.add(input.partition()));
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
        task.restart();
        restore(task, Duration.ZERO);
    }

    /** As {@link #restart}, but from the store, because the local database is damaged. */
    void restartFromStore(PartitionTask task) {
        consumer.pause(task.inputs());
        task.restart();
        checkpointing.local(task.partition()).clear();
        restore(task, Duration.ZERO);
    }

    /** Takes note of attempts that have come to an end. */
    void advance() {
        for (Attempt attempt = attempts.poll(); attempt != null; attempt = attempts.poll()) {
            PartitionTask task = attempt.task();
            if (task.state() == PartitionState.CLOSED) {
                discard(attempt);
            } else if (attempt.result() instanceof StartedPartition.Opened opened) {
                loads--;
                loaded(task, opened, attempt.failure());
            } else if (attempt.result() instanceof StartedPartition.Ready ready) {
                open(task, ready);
            } else if (attempt.result() instanceof StartedPartition.Parked parked) {
                if (!parked.cause().equals(task.parkedBecause())) {
                    LOG.errorf("partition %d is parked, the others go on: %s", task.partition(), parked.cause());
                    events.accept(
                            new WorkerEvent.PartitionParked(Instant.now(), worker, task.partition(), parked.cause()));
                }
                task.park(parked.cause());
                restore(task, backoff(PARKED_RETRY, task.attempts()));
            } else if (attempt.failure() instanceof Error error) {
                throw error;
            } else {
                Duration delay = backoff(FIRST_RETRY, task.attempts());
                LOG.warnf(
                        "partition %d cannot be restored yet, it is tried again in %d ms: %s",
                        task.partition(), delay.toMillis(), attempt.failure().getMessage());
                restore(task, delay);
            }
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
            pipeline = open(task.partition(), processors.create(), state);
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
        attempts.add(new Attempt(task, opened, failure));
    }

    private void loaded(PartitionTask task, StartedPartition.Opened opened, Throwable failure) {
        if (failure == null) {
            opened.state().start();
            run(task, opened);
            return;
        }
        opened.close();
        if (failure instanceof LocalStateException) {
            LOG.errorf(
                    "partition %d: the local database is damaged, it is restored from the store: %s",
                    task.partition(), failure.getMessage());
            checkpointing.local(task.partition()).clear();
            restore(task, Duration.ZERO);
        } else if (failure instanceof Error error) {
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
        LOG.infof(
                "partition %d %s at %s",
                task.partition(), describe(restored), opened.ready().positions());
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
                    + " execution.state-recovery.ignore-unclaimed-state=true to carry it on unread");
        }
    }

    private static String describe(Restored restored) {
        return switch (restored.source()) {
            case EMPTY -> "starts with empty state";
            case LOCAL ->
                "resumes from " + restored.checkpoint().orElseThrow().id() + " (local database, "
                        + restored.fetchedBytes() + " bytes fetched)";
            case PATH ->
                "begins from " + restored.begunFrom().orElseThrow().location() + " (" + restored.fetchedBytes()
                        + " bytes fetched)";
            case STORE ->
                "resumes from " + restored.checkpoint().orElseThrow().id() + " (" + restored.fetchedBytes()
                        + " bytes fetched)";
        };
    }

    private void restore(PartitionTask task, Duration delay) {
        Future<?> attempt = restores.schedule(() -> attempt(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        task.restoreBy(attempt);
    }

    private void attempt(PartitionTask task) {
        if (task.state() == PartitionState.CLOSED) {
            return;
        }
        Attempt attempt;
        try {
            attempt = new Attempt(task, starter.start(task.partition(), task.inputs(), task.beginProgress()), null);
        } catch (RuntimeException | Error e) {
            attempt = new Attempt(task, null, e);
        }
        attempts.add(attempt);
    }

    private void discard(Attempt attempt) {
        if (attempt.result() instanceof StartedPartition.Ready ready) {
            ready.restored().close();
        } else if (attempt.result() instanceof StartedPartition.Opened opened) {
            loads--;
            opened.close();
        }
    }

    /** Lets go of everything. What is being loaded is waited for; it ends soon, because it is not wanted any more. */
    void close() {
        giveUp(consumer.assignment());
        List.copyOf(tasks.values()).forEach(PartitionTask::close);
        tasks.clear();
        attempts.forEach(this::discard);
        attempts.clear();
        long deadline = System.nanoTime() + LOAD_END_LIMIT.toNanos();
        try {
            while (loads > 0) {
                Attempt last = attempts.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (last == null) {
                    return;
                }
                discard(last);
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
