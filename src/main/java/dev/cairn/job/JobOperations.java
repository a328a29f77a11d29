package dev.cairn.job;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.checkpoint.local.Scratch;
import dev.cairn.checkpoint.protocol.GroupView;
import dev.cairn.checkpoint.savepoint.SavepointStore;
import dev.cairn.checkpoint.savepoint.SavepointWriter;
import dev.cairn.checkpoint.store.CheckpointDeletion;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.GroupSource;
import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.Retention;
import dev.cairn.storage.ObjectStore;

/**
 * What can be done to a whole job from outside of its loops. Every call blocks; by one thread.
 *
 * @param job its name
 * @param version of Cairn, which savepoints note
 * @param objects its checkpoints; to read is enough for a savepoint
 * @param group its group
 */
public record JobOperations(String job, String version, ObjectStore objects, Group group) {

    private static final int DELETING_THREADS = 8;

    /** What became of a job that was cancelled. */
    public enum Cancelled {
        /** Its workers end within seconds; they were not waited for, as Kafka is not configured. */
        ENDING,
        /** No worker runs it any more. */
        ENDED,
        /** The same, and its checkpoints are deleted. */
        DELETED
    }

    /**
     * Copies the last committed checkpoints of all partitions into a savepoint; the job may run or not.
     *
     * @param target where it is made
     * @throws JobException when a partition has none
     * @throws dev.cairn.checkpoint.savepoint.UnfitSnapshotException when they do not make a whole
     * @throws dev.cairn.checkpoint.format.DamagedCheckpointException when one of them is damaged
     */
    public CreatedSavepoint createSavepoint(ObjectStore target, Progress progress) {
        try (Scratch scratch = Scratch.create()) {
            SavepointStore savepoints = new SavepointStore(target);
            String name = SavepointTarget.name(job);
            Savepoint savepoint = new SavepointWriter(savepoints, scratch, version, progress)
                    .write(
                            name,
                            JobSnapshots.of(objects, job, group),
                            group.pointers().map(GroupPointers::logEnds).orElse(Map.of()));
            return new CreatedSavepoint(savepoints.location(name), savepoint);
        }
    }

    /**
     * Ends the job: its workers take a last checkpoint and leave, and a savepoint is made of what is there then.
     *
     * @param limit for the drain, and again for the workers' end
     * @param retention of the checkpoints, once the savepoint is there
     * @throws JobException when it has been cancelled, when its workers do not end in time, or when Kafka is not configured
     */
    public CreatedSavepoint stop(
            Drain drain, ObjectStore target, Duration limit, Retention retention, Progress progress) {
        GroupPointers pointers = group.pointers()
                .orElseThrow(() -> new JobException("whether the workers of job " + job
                        + " have ended is asked of Kafka, but " + SettingNames.KAFKA_BOOTSTRAP_SERVERS
                        + " is not set. Set it; of a job"
                        + " without workers, savepoint create makes a savepoint"));
        if (drain == Drain.ALL_INPUT) {
            awaitDrained(limit);
        }
        end(JobEnd.Kind.STOPPED, target.location());
        awaitNoWorkers(pointers, limit);
        CreatedSavepoint savepoint = createSavepoint(target, progress);
        if (retention == Retention.NO_EXTERNALIZED_CHECKPOINTS) {
            deleteCheckpoints();
        }
        return savepoint;
    }

    /** Whether a job is stopped at once. */
    public enum Drain {
        /** At once. */
        NONE,
        /** When all has been processed that is in the input now. */
        ALL_INPUT
    }

    /**
     * Ends the job for good.
     *
     * @param limit for its workers' end
     * @param retention of its checkpoints
     * @throws JobException when it has been stopped, or when its workers do not end in time; it stays ended, and a further call
     *     does the rest
     */
    public Cancelled cancel(Duration limit, Retention retention) {
        end(JobEnd.Kind.CANCELLED, null);
        if (group.pointers().isEmpty()) {
            return Cancelled.ENDING;
        }
        if (retention == Retention.RETAIN_ON_CANCELLATION) {
            awaitNoWorkers(group.pointers().get(), limit);
            return Cancelled.ENDED;
        }
        deleteEnded(limit);
        return Cancelled.DELETED;
    }

    /**
     * Deletes the checkpoints of a job that was ended, once no worker runs it. Several may do so at the same time.
     *
     * @param limit for its workers' end
     * @throws JobException when its workers do not end in time, or when it is started again meanwhile: what is left stays
     */
    public void deleteEnded(Duration limit) {
        awaitNoWorkers(group.pointers().orElseThrow(), limit);
        deleteCheckpoints();
    }

    /** Lets the job run again. @return how it had been ended */
    public Optional<JobEnd> start() {
        Optional<JobEnd> end = Jobs.end(objects, job);
        JobEnd.delete(objects, job);
        return end;
    }

    /**
     * Marks the job as ended, which its workers see within seconds. Does nothing where it is marked so already.
     *
     * @param savepoint where its state is to go, if it is to go anywhere
     * @throws JobException when it has been ended in another way
     */
    public void end(JobEnd.Kind kind, String savepoint) {
        if (Jobs.end(objects, job).isEmpty()) {
            // Nothing but a mistyped name has nothing to end.
            Jobs.partitions(objects, job);
        }
        JobEnd end = new JobEnd(kind, Instant.now(), savepoint).write(objects, job);
        if (end.kind() != kind) {
            throw new JobException("job " + job + " was " + end.kind().name().toLowerCase(Locale.ROOT) + " at "
                    + end.at() + " already. Let it run again before: job start");
        }
    }

    /**
     * Waits until all is processed and committed that is in the input now.
     *
     * @throws JobException when that takes longer than the limit; the job continues
     */
    public void awaitDrained(Duration limit) {
        GroupPointers pointers = group.pointers().orElseThrow();
        Map<Integer, Map<String, Long>> ends = pointers.logEnds();
        long deadline = System.nanoTime() + limit.toNanos();
        while (!isCommitted(ends, pointers.committed())) {
            if (System.nanoTime() - deadline > 0) {
                throw new JobException("job " + job + " has not processed its input within " + limit.toSeconds()
                        + " s, and continues. Give more time by --timeout");
            }
            pointers.pause();
        }
    }

    private static boolean isCommitted(
            Map<Integer, Map<String, Long>> ends, Map<TopicPartition, OffsetAndMetadata> committed) {
        return ends.entrySet().stream()
                .allMatch(partition -> partition.getValue().entrySet().stream().allMatch(end -> {
                    OffsetAndMetadata offset = committed.get(new TopicPartition(end.getKey(), partition.getKey()));
                    return offset != null && offset.offset() >= end.getValue();
                }));
    }

    private void awaitNoWorkers(GroupPointers pointers, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (pointers.members() != GroupView.Members.NONE) {
            if (System.nanoTime() - deadline > 0) {
                throw new JobException("the workers of job " + job + " have not all ended within " + limit.toSeconds()
                        + " s. The job stays ended; look at their logs, and run the command again");
            }
            pointers.pause();
        }
    }

    /**
     * The group's offsets stay, and name none any more: that comes first, and fails while the group has members. A worker that
     * joins later finds the job ended before it would start with empty state.
     */
    private void deleteCheckpoints() {
        group.pointers().ifPresent(GroupPointers::forgetCheckpoints);
        String clusterId = group.pointers().map(GroupPointers::clusterId).orElse("");
        ExecutorService threads = Executors.newFixedThreadPool(DELETING_THREADS);
        try {
            List<Future<?>> partitions = new ArrayList<>();
            for (int partition : CheckpointStore.partitions(objects, job)) {
                partitions.add(threads.submit(() -> deleteCheckpoints(partition, clusterId)));
            }
            for (Future<?> partition : partitions) {
                partition.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new JobException("cannot delete the checkpoints of job " + job + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("interrupted while deleting the checkpoints of job " + job, e);
        } finally {
            threads.shutdownNow();
        }
    }

    private void deleteCheckpoints(int partition, String clusterId) {
        CheckpointDeletion deletion =
                new CheckpointDeletion(new CheckpointStore(objects, job, partition), partition, GroupSource.NOT_ASKED);
        CheckpointDeletion.Plan.Delete all = deletion.planAll(clusterId);
        if (JobEnd.read(objects, job).isEmpty()) {
            throw new JobException(
                    "job " + job + " was started again while its checkpoints were being deleted; those of"
                            + " partition " + partition + " and perhaps of others are still there");
        }
        deletion.delete(all);
    }
}
