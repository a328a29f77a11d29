package dev.cairn.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.job.JobException;
import dev.cairn.storage.ObjectStore;
import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;
import dev.cairn.worker.status.CheckpointReport;

/** Does in this worker what all are told, and lets the one that told it know. */
@ApplicationScoped
class CommandExecutor {

    private static final Logger LOG = Logger.getLogger(CommandExecutor.class);

    private final WorkerLifecycle lifecycle;
    private final WholeJob job;
    private final EventFollower events;
    private final SavepointMaker savepoints;
    private final Operations operations;
    private final Acknowledgements acknowledgements;

    CommandExecutor(
            WorkerLifecycle lifecycle,
            WholeJob job,
            EventFollower events,
            SavepointMaker savepoints,
            Operations operations,
            Acknowledgements acknowledgements) {
        this.lifecycle = lifecycle;
        this.job = job;
        this.events = events;
        this.savepoints = savepoints;
        this.operations = operations;
        this.acknowledgements = acknowledgements;
    }

    /** Does it; what takes long continues in the background. */
    @SuppressWarnings("FutureReturnValueIgnored") // Whatever comes of it is told.
    void execute(Command command) {
        Worker worker = lifecycle.worker().orElseThrow();
        LOG.infof(
                "command %s%s: %s",
                command.kind().text(), command.by().map(by -> " of " + by).orElse(""), command.id());
        if (command.kind() == CommandKind.SAVEPOINT && command.by().isEmpty()) {
            makeOneOfNobodys(command, worker);
        }
        done(worker, command).whenComplete((done, failure) -> {
            String why = failure == null ? "" : reason(failure);
            if (!why.isEmpty()) {
                LOG.warnf("command %s: %s: %s", command.kind().text(), command.id(), why);
            }
            events.publish(new FleetEvent.CommandDone(
                    command.id(), worker.settings().job().instance(), Instant.now(), why));
        });
    }

    /** In this worker only. @return fails when it could not be done */
    CompletableFuture<Void> done(Worker worker, Command command) {
        try {
            switch (command.kind()) {
                case SAVEPOINT -> {
                    job.target(command.target());
                    return worker.checkpoint().thenAccept(CommandExecutor::requireCompleted);
                }
                case CHECKPOINT -> {
                    return worker.checkpoint().thenAccept(CommandExecutor::requireCompleted);
                }
                case PAUSE -> {
                    worker.pause();
                    // What was being processed is over when a checkpoint that began after that is.
                    return worker.checkpoint().thenAccept(CommandExecutor::requireCompleted);
                }
                case RESUME -> worker.resume();
                case CANCEL -> job.end(JobEnd.Kind.CANCELLED, null);
                case START -> letRun(command);
            }
            return CompletableFuture.completedFuture(null);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void letRun(Command command) {
        try (ObjectStore objects = job.checkpoints()) {
            Optional<JobEnd> end = JobEnd.read(objects, job.name());
            if (end.filter(mark -> mark.at().isBefore(command.at())).isPresent()) {
                JobEnd.delete(objects, job.name());
            }
        }
    }

    private static void requireCompleted(List<CheckpointReport> reports) {
        String failures = reports.stream()
                .filter(report -> report.outcome() == CheckpointReport.Outcome.FAILED)
                .map(CheckpointReport::failure)
                .distinct()
                .collect(Collectors.joining("; "));
        if (!failures.isEmpty()) {
            throw new JobException("a checkpoint failed: " + failures);
        }
    }

    /** Told by someone who is no worker: the first worker makes the savepoint. */
    private void makeOneOfNobodys(Command command, Worker worker) {
        String self = worker.settings().job().instance();
        acknowledgements.expect(command.id());
        operations.execute(() -> {
            try {
                if (self.equals(job.instances().stream().findFirst().orElse(self))) {
                    operations.begin(command.id(), Operation.Kind.SAVEPOINT, () -> makeAllowed(command));
                    return;
                }
            } catch (RuntimeException e) {
                LOG.warnf("command savepoint: %s: %s", command.id(), reason(e));
            }
            acknowledgements.forget(command.id());
        });
    }

    private Operation.Result makeAllowed(Command command) throws InterruptedException {
        try {
            job.target(command.target());
        } catch (JobException e) {
            acknowledgements.forget(command.id());
            throw e;
        }
        return savepoints.awaitAndMake(command);
    }

    static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
