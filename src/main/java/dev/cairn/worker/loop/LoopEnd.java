package dev.cairn.worker.loop;

import java.time.Duration;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

import dev.cairn.worker.status.RollBackException;

/** Ends a loop: after a last checkpoint, or after a failure. On its thread. */
record LoopEnd(LoopContext context, LoopPartitions partitions, LoopCheckpoints checkpoints, LoopRollBack rollBack) {

    private static final Logger LOG = Logger.getLogger(Loop.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration CUT_OFF_CLOSE_LIMIT = Duration.ofMillis(500);

    /** Takes a last checkpoint, if the loop has not to roll back. */
    void finish() {
        try {
            if (!rollBack.isDue()) {
                new LastCheckpoint(context, checkpoints).take();
                checkpoints.cleanUp().end(partitions.running());
            }
        } catch (RollBackException e) {
            rollBack.require(e);
        }
        if (rollBack.isDue()) {
            LOG.warnf("no last checkpoint: %s. The next start continues from the one before", rollBack.reason());
            checkpoints.abandonAtEnd();
            abortOutputs();
        }
    }

    /** A transaction left open would hold up the readers of the output until its time-out. */
    private void abortOutputs() {
        if (context.end().isCutOff()) {
            warnOfOpenTransaction("Kafka has not answered any client for some time");
            return;
        }
        try {
            context.outputs().rollBack();
        } catch (KafkaException | RollBackException e) {
            warnOfOpenTransaction(e.getMessage());
        }
    }

    private static void warnOfOpenTransaction(String cause) {
        LOG.warnf("a transaction of the output may stay open until the next start or its time-out: %s", cause);
    }

    /**
     * Lets go of everything.
     *
     * @param leave whether others may have the partitions at once
     */
    void close(boolean leave) {
        checkpoints.abandonAtEnd();
        partitions.close();
        context.consumer()
                .close(CloseOptions.timeout(context.end().isCutOff() ? CUT_OFF_CLOSE_LIMIT : CLOSE_LIMIT)
                        .withGroupMembershipOperation(
                                leave ? GroupMembershipOperation.LEAVE_GROUP : GroupMembershipOperation.DEFAULT));
        context.outputs().close();
    }

    /** As {@link #close}, whatever else fails. */
    void closeAfter(Throwable failure, boolean leave) {
        tryTo(checkpoints::abandonAtEnd, failure);
        tryTo(this::abortOutputs, failure);
        tryTo(() -> close(leave), failure);
    }

    private static void tryTo(Runnable step, Throwable failure) {
        try {
            step.run();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
