package dev.cairn.worker.loop;

import java.time.Instant;

import org.jboss.logging.Logger;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointSettings;
import dev.cairn.settings.DurationText;
import dev.cairn.state.DamagedDatabaseException;
import dev.cairn.storage.StorageException;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.RollBackException;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerEvent;

/** What follows from the end of a loop's checkpoint: who is told, and how the loop continues. On its thread. */
final class CheckpointEnds {

    private static final Logger LOG = Logger.getLogger(LoopCheckpoints.class);

    private final LoopContext context;
    private final CheckpointSettings settings;
    private final CheckpointRequests requests;
    private boolean reported;
    private int failuresInRow;

    CheckpointEnds(LoopContext context, CheckpointRequests requests) {
        this.context = context;
        this.settings = context.settings().checkpoints();
        this.requests = requests;
    }

    /** A checkpoint is in flight. */
    void begun() {
        reported = false;
        context.status().checkpointStarted();
    }

    /** It is committed, and in every database that is not damaged. */
    void completed(CheckpointInFlight done) {
        failuresInRow = 0;
        report(done, "");
        for (CheckpointPart part : done.parts()) {
            part.partition().committed(part.frozen().positions());
            context.errors().refusals().committed(part.partition().partition());
            LOG.debugf(
                    "partition %s: %s committed, %s bytes changed, %s in all",
                    part.partition().partition(),
                    part.id(),
                    part.prepared().metadata().deltaBytes(),
                    part.prepared().metadata().fullBytes());
        }
    }

    /**
     * Tells how it has ended, once.
     *
     * @param failure why it has failed; empty if it has not
     */
    void report(CheckpointInFlight checkpoint, String failure) {
        if (reported) {
            return;
        }
        reported = true;
        CheckpointReport report = checkpoint.report(context.worker(), context.number(), failure);
        if (report.outcome() == CheckpointReport.Outcome.COMPLETED) {
            checkpoint.parts().forEach(part -> part.partition().task().show(part.report()));
        }
        context.status().checkpointEnded(report);
        requests.ended(report);
        context.tell(new WorkerEvent.CheckpointEnded(Instant.now(), report));
    }

    /** A part could not be written. */
    RuntimeException failed(CheckpointInFlight failed) {
        Throwable cause = failed.failure();
        if (cause instanceof DamagedDatabaseException) {
            // The store and the broker are well: what is damaged is restored, and the checkpoint taken again.
            report(failed, cause.getMessage());
            return new RollBackException(
                    "a checkpoint needs files of the local disk that are damaged: " + cause.getMessage());
        }
        String wayOut = cause instanceof StorageException e && e.isPermanent()
                ? ". " + e.fault().wayOut()
                : "";
        return failed(failed, failed.reason() + wayOut, cause);
    }

    /** It was not whole in the store in time. */
    RuntimeException tooSlow(CheckpointInFlight overdue) {
        return failed(
                overdue,
                "it took longer than " + SettingNames.TIMEOUT + "=" + DurationText.of(settings.timeout())
                        + lastStoreFailure(),
                null);
    }

    /** Kafka did not say in time what the inputs are. */
    RuntimeException unverified(CheckpointInFlight overdue, String trouble) {
        return failed(
                overdue,
                "what the inputs are was not known within " + SettingNames.TIMEOUT + "="
                        + DurationText.of(settings.timeout()) + ": " + trouble,
                null);
    }

    private RuntimeException failed(CheckpointInFlight checkpoint, String why, Throwable cause) {
        failuresInRow++;
        report(checkpoint, why);
        if (failuresInRow > settings.tolerableFailed()) {
            return new StopWorkerException(
                    failuresInRow
                            + " checkpoints in a row have failed, " + SettingNames.TOLERABLE_FAILED_CHECKPOINTS + "="
                            + settings.tolerableFailed() + " allows no more. The last one: " + why,
                    cause);
        }
        return new RollBackException("checkpoint " + failuresInRow + " of " + settings.tolerableFailed()
                + " that may fail in a row has failed: " + why);
    }

    /** What to add to a time-out; empty if the store is well. */
    String lastStoreFailure() {
        return context.environment().checkpointing().objects().status().failing().stream()
                .findFirst()
                .map(failure -> ". Last failure of the store: " + failure.message())
                .orElse("");
    }

    /** It is definitely not committed. */
    RollBackException refused(CheckpointInFlight refused) {
        String why = "the checkpoint was not committed";
        report(refused, why);
        return new RollBackException(why);
    }

    /** Committed: continuing from the one before would count twice what it holds. */
    StopWorkerException stranded(CheckpointInFlight stranded) {
        return outOfHands(
                stranded,
                "a checkpoint is committed, but cannot be completed: " + stranded.reason()
                        + ". The checkpoint is safe; the next start continues from it");
    }

    /** It may be committed, so that continuing from the one before might count twice what it holds. */
    StopWorkerException unknown(CheckpointInFlight unknown) {
        return outOfHands(
                unknown,
                "it is unknown whether the checkpoint in flight is committed: "
                        + context.sentence(unknown.failure()).orElseGet(unknown::reason)
                        + ". Nothing is lost: the next start reads from the group which checkpoint is the last");
    }

    /** Nothing is abandoned, deleted or reported as failed of what may be committed. */
    private StopWorkerException outOfHands(CheckpointInFlight checkpoint, String why) {
        StopWorkerException stop = new StopWorkerException(why, checkpoint.failure());
        requests.failed(stop);
        return stop;
    }
}
