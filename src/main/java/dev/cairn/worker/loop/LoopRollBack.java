package dev.cairn.worker.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.cairn.state.LocalStateException;
import dev.cairn.worker.status.RollBackException;
import dev.cairn.worker.status.WorkerEvent;

/** Takes a loop back to its last checkpoint: why it has to, and what it does then. On its thread. */
final class LoopRollBack {

    private static final Logger LOG = Logger.getLogger(Loop.class);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final LoopContext context;
    private final Consumer<byte[], byte[]> consumer;
    private final LoopPartitions partitions;
    private final LoopCheckpoints checkpoints;
    private final PollGap gap;
    private final RollBacks row;
    private final ReplayLimits limits;

    /** Why the loop has to roll back; {@code null} if it has not to. */
    private RollBackException reason;

    private List<RunningPartition> startAgain = List.of();
    private boolean hasFailed;

    LoopRollBack(LoopContext context, LoopPartitions partitions, LoopCheckpoints checkpoints, PollGap gap) {
        this.context = context;
        this.consumer = context.consumer();
        this.partitions = partitions;
        this.checkpoints = checkpoints;
        this.gap = gap;
        this.row =
                new RollBacks(context.settings().checkpoints().tolerableFailed(), context::describe, System::nanoTime);
        this.limits = new ReplayLimits(consumer, context.errors().refusals());
    }

    /** The roll backs since there was progress. */
    RollBacks row() {
        return row;
    }

    /** How far the loop may go after results were refused. */
    ReplayLimits limits() {
        return limits;
    }

    boolean isDue() {
        return reason != null;
    }

    /** Why, for people. */
    String reason() {
        return context.describe(reason);
    }

    /** The loop has to roll back before it processes anything. */
    void require(RollBackException why) {
        reason = why;
    }

    /** As {@link #require}, and after that it has to start these partitions again. */
    void require(RollBackException why, List<RunningPartition> again) {
        reason = why;
        startAgain = again;
    }

    /** The group has taken inputs away, before they are given up. */
    void requireAfterLoss(Collection<TopicPartition> lost) {
        Map<TopicPartition, Long> reached = reached();
        reached.keySet().retainAll(lost);
        row.lost(reached);
        reason = gap.lost(lost);
    }

    /**
     * Rolls back. Polls nothing while the broker cannot be reached or refuses the roll back itself, but stays a member.
     *
     * @throws RollBackException when it has to be tried again
     */
    void run() {
        RollBackException cause = reason;
        if (hasFailed && row.isPausing()) {
            pollNothing();
            throw cause;
        }
        Map<TopicPartition, Long> reached = reached();
        startAgain.forEach(partition -> reached.keySet().removeAll(partition.inputs()));
        boolean news;
        try {
            news = rollBack(reached);
            hasFailed = false;
        } catch (KafkaException e) {
            hasFailed = true;
            count(context.refused("cannot roll back", e), reached);
            pollNothing();
            throw cause;
        }
        reason = null;
        startAgain.stream().filter(RunningPartition::isCurrent).forEach(partitions::restart);
        startAgain = List.of();
        if (!news) {
            count(cause, reached);
        }
    }

    private void count(RollBackException cause, Map<TopicPartition, Long> reached) {
        row.happened(cause, reached);
        context.status().rollBacksWithoutProgress(row.inRow());
    }

    private void pollNothing() {
        consumer.pause(consumer.assignment());
        gap.poll(consumer, PAUSE);
        consumer.resume(partitions.processingInputs());
    }

    /** Where the inputs are that have something to be rolled back. */
    private Map<TopicPartition, Long> reached() {
        Map<TopicPartition, Long> reached = new HashMap<>();
        for (RunningPartition partition : partitions.running()) {
            for (InputCursor cursor : partition.cursors()) {
                if (cursor.position() > cursor.committed()) {
                    reached.put(cursor.input(), cursor.position());
                }
            }
        }
        return reached;
    }

    /** @return whether it is known now which records cannot be sent, so that the next try is another one */
    private boolean rollBack(Map<TopicPartition, Long> reached) {
        if (!hasFailed) {
            LOG.warnf("going back to the last checkpoint: %s", reason());
            context.status().rolledBack();
            context.tell(new WorkerEvent.RolledBack(Instant.now(), context.worker(), context.number(), reason()));
        }
        checkpoints.abandon();
        boolean news = context.errors().refused(context.outputs().rollBack());
        if (news) {
            limits.set(reached);
        }
        limits.resume();
        checkpoints.rolledBack();
        partitions.running().forEach(this::rollBack);
        return news;
    }

    private void rollBack(RunningPartition partition) {
        try {
            partition.rollBack();
        } catch (LocalStateException e) {
            partition.checkpoints().damaged(e);
        }
        partition
                .checkpoints()
                .damage()
                .ifPresentOrElse(damage -> partitions.restartFromStore(partition, damage), () -> {
                    for (InputCursor cursor : partition.cursors()) {
                        consumer.seek(cursor.input(), cursor.position());
                    }
                });
    }
}
