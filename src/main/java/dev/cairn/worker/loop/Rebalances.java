package dev.cairn.worker.loop;

import java.util.Collection;

import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.cairn.worker.status.RollBackException;

/** What a loop does when the group gives it partitions or takes them away. Its consumer calls it within poll and close, on its thread. */
final class Rebalances implements ConsumerRebalanceListener {

    private static final Logger LOG = Logger.getLogger(Loop.class);

    private final Loop loop;
    private final LoopContext context;
    private final LoopPartitions partitions;
    private final LoopCheckpoints checkpoints;
    private final LoopRollBack rollBack;
    private volatile boolean joined;

    Rebalances(
            Loop loop,
            LoopContext context,
            LoopPartitions partitions,
            LoopCheckpoints checkpoints,
            LoopRollBack rollBack) {
        this.loop = loop;
        this.context = context;
        this.partitions = partitions;
        this.checkpoints = checkpoints;
        this.rollBack = rollBack;
    }

    /** Whether there was an assignment, even an empty one. From any thread. */
    boolean hasJoined() {
        return joined;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        if (!assigned.isEmpty()) {
            if (partitions.anyRunning(assigned)) {
                // A topic was added to numbers that are running: they start again, with all of their topics.
                takeLastCheckpoint();
            }
            partitions.takeOver(assigned);
        }
        // Not before others can see the partitions: a worker that has some to restore is not ready.
        joined = true;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        if (revoked.isEmpty() || loop.state() == Loop.State.FAILED) {
            return;
        }
        boolean ran = partitions.anyRunning(revoked);
        if (ran) {
            takeLastCheckpoint();
        }
        partitions.giveUp(revoked);
        if (loop.state() == Loop.State.RUNNING) {
            LOG.infof("gave up %s to other members of the group%s", PartitionRanges.of(revoked), howItEnded(ran));
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        // Offsets of a partition that was not owned without a break must never be sent, and the transaction is shared.
        context.member().membership().lost();
        checkpoints.abandon();
        rollBack.requireAfterLoss(lost);
        partitions.giveUp(lost);
    }

    private String howItEnded(boolean ran) {
        if (!ran) {
            return "";
        }
        return rollBack.isDue()
                ? " without a last checkpoint: they continue from the one before"
                : " after a last checkpoint";
    }

    private void takeLastCheckpoint() {
        try {
            if (!rollBack.isDue()) {
                new LastCheckpoint(context, checkpoints).take();
            }
        } catch (RollBackException e) {
            checkpoints.abandon();
            rollBack.require(e);
        }
    }
}
