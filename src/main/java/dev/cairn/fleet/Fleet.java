package dev.cairn.fleet;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.job.JobException;
import dev.cairn.job.JobOperations;
import dev.cairn.storage.Clause;
import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;

/**
 * Tells all workers of the job, or this one where it works by itself. Every call begins an {@link Operation} and returns; what it
 * can see at once that cannot be done is a {@link JobException}. Thread-safe.
 */
@ApplicationScoped
public class Fleet {

    private static final Duration PUBLISH_LIMIT = Duration.ofSeconds(20);
    private static final Duration END_LIMIT = Duration.ofMinutes(10);
    private static final String ALONE = "done by this worker only: the channel cairn-commands is not used";

    private final FleetChannels channels;
    private final CommandGate gate;
    private final CommandFollower follower;
    private final CommandExecutor executor;
    private final Acknowledgements acknowledgements;
    private final SavepointMaker savepoints;
    private final Operations operations;
    private final WholeJob job;
    private final WorkerLifecycle lifecycle;

    Fleet(
            FleetChannels channels,
            CommandGate gate,
            CommandFollower follower,
            CommandExecutor executor,
            Acknowledgements acknowledgements,
            SavepointMaker savepoints,
            Operations operations,
            WholeJob job,
            WorkerLifecycle lifecycle) {
        this.channels = channels;
        this.gate = gate;
        this.follower = follower;
        this.executor = executor;
        this.acknowledgements = acknowledgements;
        this.savepoints = savepoints;
        this.operations = operations;
        this.job = job;
        this.lifecycle = lifecycle;
    }

    /** Whether a command of this worker reaches the others; otherwise it works by itself. */
    public boolean isConnected() {
        return follower.isFollowing();
    }

    /** A checkpoint of every worker. */
    public Operation checkpoint() {
        return simple(CommandKind.CHECKPOINT, Operation.Kind.CHECKPOINT);
    }

    /** No worker processes anything until {@link #resume}, those included that are started meanwhile. */
    public Operation pause() {
        return simple(CommandKind.PAUSE, Operation.Kind.PAUSE);
    }

    /** All workers continue. */
    public Operation resume() {
        return simple(CommandKind.RESUME, Operation.Kind.RESUME);
    }

    /**
     * A savepoint of all partitions of the job, after a checkpoint of every worker.
     *
     * @param target the directory to make it in; without, {@code state.savepoints.dir}
     * @throws JobException when there is no such directory
     */
    public Operation savepoint(Optional<String> target) {
        Command command = toBeStored(target);
        return operations.begin(
                command.id(),
                Operation.Kind.SAVEPOINT,
                () -> savepoints.make(command, tell(command).remark()));
    }

    private Command toBeStored(Optional<String> target) {
        Command command = command(CommandKind.SAVEPOINT);
        return new Command(command.id(), command.kind(), command.at(), command.by(), Optional.of(job.target(target)));
    }

    /** Ends the job for all workers, those included that are started later; its retention says what is deleted. */
    public Operation cancel() {
        return ending(
                Operation.Kind.CANCEL,
                () -> Operation.Result.of(said(job.with(all ->
                        all.cancel(END_LIMIT, job.settings().checkpoints().retention())))));
    }

    private static String said(JobOperations.Cancelled cancelled) {
        return switch (cancelled) {
            case ENDING -> "its workers end within seconds";
            case ENDED -> "no worker runs it any more";
            case DELETED -> "no worker runs it any more, and its checkpoints are deleted";
        };
    }

    /**
     * Ends the job with a savepoint: its workers take a last checkpoint and leave, and this one makes the savepoint before the
     * application ends.
     *
     * @param target the directory to make it in; without, {@code state.savepoints.dir}
     * @throws JobException when there is no such directory
     */
    public Operation stop(Optional<String> target, JobOperations.Drain drain) {
        Command command = toBeStored(target);
        return ending(Operation.Kind.STOP, () -> savepoints.stop(command, drain, END_LIMIT));
    }

    /** The application must not end before the caller has learned how this has ended. */
    private Operation ending(Operation.Kind kind, Operations.Work work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Operation begun = operations.begin(UUID.randomUUID().toString(), kind, () -> {
            try {
                return work.run();
            } finally {
                done.complete(null);
            }
        });
        lifecycle.holdEnd(done);
        return begun;
    }

    private Operation simple(CommandKind kind, Operation.Kind shown) {
        Command command = command(kind);
        return operations.begin(command.id(), shown, () -> Operation.Result.of(requireNoFailure(tell(command))));
    }

    private static String requireNoFailure(Acknowledgements.Answered answered) {
        if (answered.isFailed()) {
            throw new JobException(answered.remark());
        }
        return answered.remark();
    }

    private Command command(CommandKind kind) {
        return Command.of(kind, worker().settings().job().instance());
    }

    private Worker worker() {
        return lifecycle
                .worker()
                .orElseThrow(() -> new JobException("the worker has not started yet. Ask again in some seconds"));
    }

    /** Tells all, or this worker only, and waits for their answers. */
    private Acknowledgements.Answered tell(Command command) throws InterruptedException {
        if (!isConnected()) {
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
        String self = worker().settings().job().instance();
        Duration limit = worker().settings().checkpoints().timeout();
        try {
            executor.done(worker(), command).get(limit.toMillis(), TimeUnit.MILLISECONDS);
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
