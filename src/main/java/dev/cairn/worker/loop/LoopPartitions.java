package dev.cairn.worker.loop;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.cairn.settings.JobSettings;
import dev.cairn.state.LocalStateException;
import dev.cairn.worker.start.StartedPartition;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerEvent;

/** The partitions of a loop: taken over, started, run, given up. On the loop's thread. */
final class LoopPartitions {

    private static final Logger LOG = Logger.getLogger(LoopPartitions.class);

    private final LoopContext context;
    private final Consumer<byte[], byte[]> consumer;
    private final PartitionStarts starts;
    private final PartitionOpener opener;
    private final Map<Integer, PartitionTask> tasks = new TreeMap<>();

    /** Of all tasks, by number; another list when one begins or ends to run. */
    private List<RunningPartition> running = List.of();

    LoopPartitions(LoopContext context) {
        this.context = context;
        this.consumer = context.consumer();
        this.starts = new PartitionStarts(context.environment());
        this.opener = new PartitionOpener(context);
    }

    /** All inputs, be their partitions running or not. */
    List<TopicPartition> inputs() {
        return tasks.values().stream().flatMap(task -> task.inputs().stream()).toList();
    }

    /** Those that are running now. The list stays as it is. */
    List<RunningPartition> running() {
        return running;
    }

    /** The partition, if it is running and its records must be processed; {@code null} otherwise. */
    RunningPartition processing(int partition) {
        PartitionTask task = tasks.get(partition);
        RunningPartition found = task == null ? null : task.running();
        return found != null && found.isProcessing() ? found : null;
    }

    /** Inputs whose records must be processed. */
    List<TopicPartition> processingInputs() {
        List<TopicPartition> inputs = new ArrayList<>();
        for (RunningPartition partition : running) {
            if (partition.isProcessing()) {
                inputs.addAll(partition.inputs());
            }
        }
        return inputs;
    }

    /** Whether any of them that are running have timers. */
    boolean anyTimed() {
        for (RunningPartition partition : running) {
            if (partition.timers() != null) {
                return true;
            }
        }
        return false;
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
                .map(input -> tasks.get(input.partition()))
                .anyMatch(task -> task != null && task.isRunning());
    }

    private void changed() {
        running = tasks.values().stream()
                .map(PartitionTask::running)
                .filter(Objects::nonNull)
                .toList();
        context.status().tasks(tasks.values());
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
        starts.assigned(owned);
        LOG.infof("assigned %s, restores them now", PartitionRanges.named(numbers));
        JobSettings job = context.settings().job();
        for (int number : numbers) {
            close(number);
            List<TopicPartition> inputs = owned.get(number);
            if (inputs.size() == job.inputTopics().size()) {
                PartitionTask task = new PartitionTask(number, inputs, job.hotKeys());
                tasks.put(number, task);
                starts.begin(task);
            }
        }
        changed();
    }

    /** Lets go of numbers, whatever they hold. */
    void giveUp(Collection<TopicPartition> inputs) {
        inputs.forEach(input -> close(input.partition()));
        changed();
    }

    private void close(int number) {
        PartitionTask task = tasks.remove(number);
        if (task != null) {
            task.close();
        }
    }

    /** Starts a partition again, from what is committed. It has been rolled back. */
    void restart(RunningPartition partition) {
        consumer.pause(partition.inputs());
        // A position that the log does not have makes every poll fail, even of a paused partition.
        partition.inputs().forEach(input -> consumer.seek(input, 0));
        partition.task().detach().end();
        starts.begin(partition.task());
        changed();
    }

    /** As {@link #restart}, but from the store, because the local database is damaged. */
    void restartFromStore(RunningPartition partition, LocalStateException damage) {
        consumer.pause(partition.inputs());
        StartedPartition.Ready ready = partition.opened().ready();
        boolean unchanged =
                partition.checkpoints().committed().equals(ready.restored().checkpoint());
        partition.task().detach().letGo();
        starts.beginFromStore(partition.task(), ready.restored(), damage, unchanged);
        changed();
    }

    /** Fetches nothing of a partition that waits for one of its records to be tried again. */
    void await(RunningPartition partition) {
        consumer.pause(partition.inputs());
        // What was fetched and dropped is fetched again after the wait, and counts as lag until then.
        partition.cursors().forEach(cursor -> consumer.seek(cursor.input(), cursor.position()));
    }

    /** Lets partitions that have waited long enough continue with the record that they have waited for. */
    private void resumeWaiting() {
        for (RunningPartition partition : running) {
            if (partition.retries().resumeIfDue() && !partition.isDamaged()) {
                consumer.resume(partition.inputs());
            }
        }
    }

    /** Takes note of attempts that have come to an end, and of waits that are over. */
    void advance() {
        resumeWaiting();
        for (PartitionStarts.Attempt ended = starts.poll(); ended != null; ended = starts.poll()) {
            if (ended.task().state() == PartitionState.CLOSED) {
                ended.discard();
            } else {
                advance(ended);
            }
        }
        if (!opener.running().isEmpty()) {
            opener.running().look(anyStarting());
        }
    }

    private void advance(PartitionStarts.Attempt ended) {
        PartitionTask task = ended.task();
        if (ended.result() instanceof StartedPartition.Opened opened) {
            loaded(task, opened, ended.failure());
        } else if (ended.result() instanceof StartedPartition.Ready ready) {
            StartedPartition.Opened opened = opener.open(task.partition(), ready);
            if (context.memory().holdsAll()) {
                starts.load(task, opened);
            } else {
                run(task, opened);
            }
        } else if (ended.result() instanceof StartedPartition.Parked parked) {
            park(task, parked);
        } else if (ended.failure() instanceof Error error) {
            throw error;
        } else {
            starts.retry(task, ended.failure());
        }
    }

    private void loaded(PartitionTask task, StartedPartition.Opened opened, Throwable failure) {
        if (failure == null) {
            opened.state().start();
            run(task, opened);
        } else if (failure instanceof LocalStateException damage) {
            opened.closeState();
            starts.beginFromStore(task, opened.ready().restored(), damage, true);
        } else {
            opened.close();
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }
    }

    private void run(PartitionTask task, StartedPartition.Opened opened) {
        opener.run(task, opened);
        changed();
    }

    private void park(PartitionTask task, StartedPartition.Parked parked) {
        boolean forGood = parked.retry() == StartedPartition.Retry.NEVER;
        String cause = parked.cause() + (forGood ? ". It stays parked until the worker is started again" : "");
        if (task.park(cause)) {
            LOG.errorf("partition %s is parked, the others continue: %s", task.partition(), cause);
            context.tell(new WorkerEvent.PartitionParked(Instant.now(), context.worker(), task.partition(), cause));
        }
        if (!forGood) {
            starts.retryParked(task);
        }
    }

    /** Lets go of everything. */
    void close() {
        opener.running().look(false);
        if (!tasks.isEmpty()) {
            LOG.infof("closed %s", PartitionRanges.named(tasks.keySet()));
        }
        tasks.values().forEach(PartitionTask::close);
        tasks.clear();
        changed();
        starts.close();
    }
}
