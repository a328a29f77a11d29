package dev.cairn.fleet;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.job.JobException;
import dev.cairn.job.JobOperations;
import dev.cairn.worker.WorkerLifecycle;

/**
 * Tells all workers of the job, or this one where it works by itself. Every call begins an {@link Operation} and returns; what it
 * can see at once that cannot be done is a {@link JobException}. Thread-safe.
 */
@ApplicationScoped
public class Fleet {

    private static final Duration END_LIMIT = Duration.ofMinutes(10);

    private final CommandSender sender;
    private final SavepointMaker savepoints;
    private final Operations operations;
    private final WholeJob job;
    private final WorkerLifecycle lifecycle;

    Fleet(
            CommandSender sender,
            SavepointMaker savepoints,
            Operations operations,
            WholeJob job,
            WorkerLifecycle lifecycle) {
        this.sender = sender;
        this.savepoints = savepoints;
        this.operations = operations;
        this.job = job;
        this.lifecycle = lifecycle;
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
                () -> savepoints.make(command, sender.tell(command).remark()));
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
        return operations.begin(command.id(), shown, () -> Operation.Result.of(requireNoFailure(sender.tell(command))));
    }

    private static String requireNoFailure(Acknowledgements.Answered answered) {
        if (answered.isFailed()) {
            throw new JobException(answered.remark());
        }
        return answered.remark();
    }

    private Command command(CommandKind kind) {
        return Command.of(kind, job.settings().job().instance());
    }
}
