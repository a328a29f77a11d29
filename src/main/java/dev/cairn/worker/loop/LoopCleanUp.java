package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.write.CleanUp;
import dev.cairn.checkpoint.write.Lease;
import dev.cairn.checkpoint.write.PartitionCheckpoints;

/** Has the checkpoints of a loop marked and deleted, as long as the group confirms that it owns their partitions. On its thread. */
final class LoopCleanUp {

    private static final Logger LOG = Logger.getLogger(LoopCheckpoints.class);
    private static final Duration WAIT_LIMIT = Duration.ofSeconds(10);
    private static final Duration LEASE_LIMIT = Duration.ofSeconds(3);

    private final LoopContext context;
    private final CleanUp cleanUp;
    private final long leaseNanos;

    LoopCleanUp(LoopContext context) {
        this.context = context;
        this.cleanUp = context.environment().threads().cleanUp();
        this.leaseNanos = context.environment()
                .kafka()
                .configs()
                .sessionTimeout()
                .dividedBy(2)
                .toNanos();
    }

    /** The group has accepted a checkpoint of these partitions. */
    void committed(CheckpointInFlight done) {
        List<PartitionCheckpoints> committed = done.parts().stream()
                .map(part -> part.partition().checkpoints())
                .toList();
        committed.forEach(checkpoints -> context.environment().threads().bases().execute(checkpoints::buildBaseIfDue));
        cleanUp.committed(committed, leaseFrom(done.askedNanos()));
    }

    /** Nothing moves: no later checkpoint may ever name the last one as its parent, so it is marked. */
    void idle(Collection<RunningPartition> partitions) {
        cleanUp.idle(checkpoints(partitions));
    }

    /**
     * Marks the last checkpoints as committed. When an input is deleted, the group forgets what it has committed of it, and
     * no later checkpoint may name them as their parents.
     */
    void mark(Collection<RunningPartition> partitions) {
        await(() -> cleanUp.mark(checkpoints(partitions)));
    }

    /** For a loop that ends: the last checkpoints are marked, and only as many stay as must be kept. */
    void end(Collection<RunningPartition> partitions) {
        await(() -> cleanUp.last(checkpoints(partitions), renewedLease(partitions)));
    }

    private static List<PartitionCheckpoints> checkpoints(Collection<RunningPartition> partitions) {
        return partitions.stream().map(RunningPartition::checkpoints).toList();
    }

    private static void await(Supplier<CompletableFuture<Void>> work) {
        try {
            work.get().get(WAIT_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.warnf("clean-up is not finished, the next start continues with it: %s", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * After a commit that the group has accepted.
     *
     * @param asked when it was about to be asked, by {@link System#nanoTime}
     */
    private Lease leaseFrom(long asked) {
        return () -> context.member().membership().holds() || System.nanoTime() - asked < leaseNanos;
    }

    /** Asks the group once more whether the partitions are ours, by committing again what is committed. */
    private Lease renewedLease(Collection<RunningPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (RunningPartition partition : partitions) {
            partition
                    .checkpoints()
                    .committed()
                    .ifPresent(last -> offsets.putAll(partition.offsets(last.positions(), last.id())));
        }
        if (offsets.isEmpty() || context.end().isCutOff()) {
            return () -> false;
        }
        long asked = System.nanoTime();
        try {
            context.consumer().commitSync(offsets, LEASE_LIMIT);
            return leaseFrom(asked);
        } catch (KafkaException e) {
            LOG.infof(
                    "the group does not confirm the partitions of a loop that ends, its next start cleans up after it: %s",
                    e.getMessage());
            return () -> false;
        }
    }
}
