package dev.cairn.fleet;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.job.JobException;
import dev.cairn.storage.Clause;

/** Sends a command to all workers of the job, or gives it to this one where it works by itself. Thread-safe; calls block. */
@ApplicationScoped
class CommandSender {

    private static final Duration PUBLISH_LIMIT = Duration.ofSeconds(20);
    private static final String ALONE = "done by this worker only: the channel cairn-commands is not used";

    private final FleetChannels channels;
    private final CommandGate gate;
    private final CommandFollower follower;
    private final CommandExecutor executor;
    private final Acknowledgements acknowledgements;
    private final SavepointMaker savepoints;
    private final WholeJob job;

    CommandSender(
            FleetChannels channels,
            CommandGate gate,
            CommandFollower follower,
            CommandExecutor executor,
            Acknowledgements acknowledgements,
            SavepointMaker savepoints,
            WholeJob job) {
        this.channels = channels;
        this.gate = gate;
        this.follower = follower;
        this.executor = executor;
        this.acknowledgements = acknowledgements;
        this.savepoints = savepoints;
        this.job = job;
    }

    /** Tells all, or this worker only, and waits for their answers. */
    Acknowledgements.Answered tell(Command command) throws InterruptedException {
        if (!follower.isFollowing()) {
            return alone(command);
        }
        acknowledgements.expect(command.id());
        try {
            publish(command);
        } catch (JobException e) {
            acknowledgements.forget(command.id());
            throw e;
        }
        return savepoints.await(command);
    }

    private Acknowledgements.Answered alone(Command command) throws InterruptedException {
        String self = job.settings().job().instance();
        Duration limit = job.settings().checkpoints().timeout();
        try {
            executor.done(job.worker(), command).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new Acknowledgements.Answered(Map.of(self, ""), Set.of(), ALONE);
        } catch (ExecutionException e) {
            String why = CommandExecutor.reason(e.getCause());
            return new Acknowledgements.Answered(Map.of(self, why), Set.of(), ALONE);
        } catch (TimeoutException e) {
            return new Acknowledgements.Answered(Map.of(), Set.of(self), ALONE);
        }
    }

    private void publish(Command command) throws InterruptedException {
        try {
            channels.publish(command, gate.sign(command))
                    .toCompletableFuture()
                    .get(PUBLISH_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unpublished(e.getCause());
        } catch (TimeoutException e) {
            throw unpublished(new JobException("no answer within " + PUBLISH_LIMIT.toSeconds() + " s", e));
        }
    }

    private static JobException unpublished(Throwable cause) {
        return new JobException(
                "the other workers cannot be told by the channel cairn-commands: " + Clause.of(cause)
                        + ". Check Kafka, and try again",
                cause);
    }
}
