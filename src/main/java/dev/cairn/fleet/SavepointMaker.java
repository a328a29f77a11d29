package dev.cairn.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.job.CreatedSavepoint;
import dev.cairn.job.JobOperations;
import dev.cairn.storage.ObjectStore;

/** Makes savepoints of what all workers have committed. Every call blocks. Thread-safe. */
@ApplicationScoped
class SavepointMaker {

    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final WholeJob job;
    private final Acknowledgements acknowledgements;
    private final EventFollower events;

    SavepointMaker(WholeJob job, Acknowledgements acknowledgements, EventFollower events) {
        this.job = job;
        this.acknowledgements = acknowledgements;
        this.events = events;
    }

    /** Waits for the checkpoints of all workers that were told to take one, and makes a savepoint of what is there then. */
    Operation.Result awaitAndMake(Command command) throws InterruptedException {
        return make(command, await(command).remark());
    }

    /** Waits until all workers have answered. */
    Acknowledgements.Answered await(Command command) throws InterruptedException {
        Duration limit = job.settings().checkpoints().timeout().plus(MARGIN);
        if (!events.isFollowing()) {
            Set<String> self = Set.of(job.settings().job().instance());
            return acknowledgements
                    .await(command.id(), () -> self, limit)
                    .with("what the others did is not known here: the channel cairn-events is not used");
        }
        return acknowledgements.await(command.id(), job::instances, limit);
    }

    /**
     * Makes it of what is committed now.
     *
     * @param remark what there is to say of what came before
     */
    Operation.Result make(Command command, String remark) {
        return made(command, remark, store -> job.with(all -> all.createSavepoint(store, Progress.NONE)));
    }

    /**
     * Ends the job, and makes it of what is committed then.
     *
     * @param limit for the drain, and again for the workers' end
     */
    Operation.Result stop(Command command, JobOperations.Drain drain, Duration limit) {
        return made(
                command,
                "the job is stopped",
                store -> job.with(all -> all.stop(
                        drain, store, limit, job.settings().checkpoints().retention(), Progress.NONE)));
    }

    private Operation.Result made(Command command, String remark, Function<ObjectStore, CreatedSavepoint> making) {
        try (ObjectStore store = job.savepoints(job.target(command.target()))) {
            CreatedSavepoint created = making.apply(store);
            publish(command, created);
            return new Operation.Result(created.location(), remark);
        } catch (RuntimeException e) {
            publish(command, "", 0, 0, 0, 0, CommandExecutor.reason(e));
            throw e;
        }
    }

    private void publish(Command command, CreatedSavepoint created) {
        Savepoint savepoint = created.savepoint();
        long number = savepoint.partitions().stream()
                .mapToLong(partition -> partition.checkpoint().number())
                .max()
                .orElse(0);
        publish(
                command,
                created.location(),
                number,
                savepoint.bytes(),
                savepoint.entries(),
                savepoint.partitionCount(),
                "");
    }

    private void publish(
            Command command, String location, long number, long bytes, long entries, int partitions, String failure) {
        events.publish(new FleetEvent.SavepointEnded(
                job.settings().job().instance(),
                command.at(),
                Duration.between(command.at(), Instant.now()),
                location,
                number,
                bytes,
                entries,
                partitions,
                failure));
    }
}
