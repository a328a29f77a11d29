package dev.cairn.fleet;

import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.job.AllowedTargets;
import dev.cairn.job.Group;
import dev.cairn.job.JobException;
import dev.cairn.job.JobOperations;
import dev.cairn.job.JobStores;
import dev.cairn.settings.Settings;
import dev.cairn.settings.Version;
import dev.cairn.storage.ObjectStore;
import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;

/** The job that this worker runs, as a whole. Every call blocks. Thread-safe. */
@ApplicationScoped
class WholeJob {

    private final WorkerLifecycle lifecycle;
    private final Instance<S3Client> s3;

    WholeJob(WorkerLifecycle lifecycle, Instance<S3Client> s3) {
        this.lifecycle = lifecycle;
        this.s3 = s3;
    }

    /** This worker. @throws JobException while it has not started */
    Worker worker() {
        return lifecycle
                .worker()
                .orElseThrow(() -> new JobException("the worker has not started yet. Ask again in some seconds"));
    }

    Settings settings() {
        return worker().settings();
    }

    String name() {
        return settings().job().name();
    }

    ObjectStore checkpoints() {
        return stores().checkpoints();
    }

    private JobStores stores() {
        return new JobStores(settings(), s3::get);
    }

    private Group group() {
        return Group.of(name(), Optional.of(settings().kafka()));
    }

    /** The workers that are members of the group, in order. */
    SortedSet<String> instances() {
        try (Group group = group()) {
            return group.pointers().orElseThrow().instances();
        }
    }

    void end(JobEnd.Kind kind, String savepoint) {
        with(operations -> {
            operations.end(kind, savepoint);
            return kind;
        });
    }

    /** Does something with the job's checkpoints and its group. */
    <T> T with(Function<JobOperations, T> action) {
        try (Group group = group();
                ObjectStore objects = checkpoints()) {
            return action.apply(new JobOperations(name(), Version.VERSION, objects, group));
        }
    }

    /**
     * Where a savepoint is made.
     *
     * @param named by someone; otherwise it is for the settings to say
     * @throws JobException when that cannot be, is not allowed, or no one says it
     */
    String target(Optional<String> named) {
        return allowedTargets().require(named);
    }

    private AllowedTargets allowedTargets() {
        return new AllowedTargets(settings().checkpoints());
    }

    /**
     * Where savepoints are made.
     *
     * @param target as {@link #target} has it
     * @throws JobException when it cannot be opened, or has come to lead elsewhere since
     */
    ObjectStore savepoints(String target) {
        ObjectStore store = stores().savepoints(target);
        try {
            allowedTargets().requireOpened(target, store.location());
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }
}
