package dev.cairn.fleet;

import java.util.Optional;
import java.util.SortedSet;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.checkpoint.JobEnd;
import dev.cairn.job.Group;
import dev.cairn.job.JobException;
import dev.cairn.job.JobOperations;
import dev.cairn.job.JobStores;
import dev.cairn.job.SavepointTarget;
import dev.cairn.settings.Settings;
import dev.cairn.settings.Version;
import dev.cairn.storage.ObjectStore;
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

    /** What is done with a job's checkpoints and its group. */
    @FunctionalInterface
    interface Action<T> {

        T on(JobOperations operations);
    }

    Settings settings() {
        return lifecycle
                .worker()
                .orElseThrow(() -> new JobException("the worker has not started yet. Ask again in some seconds"))
                .settings();
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

    <T> T with(Action<T> action) {
        try (Group group = group();
                ObjectStore objects = checkpoints()) {
            return action.on(new JobOperations(name(), Version.VERSION, objects, group));
        }
    }

    /**
     * Where a savepoint is made.
     *
     * @param named by somebody; otherwise it is for the settings to say
     * @throws JobException when that cannot be, or nobody says it
     */
    String target(Optional<String> named) {
        return named.map(SavepointTarget::checked)
                .or(() -> settings().checkpoints().savepointsDir())
                .orElseThrow(() -> new JobException("no directory for savepoints is given, and state.savepoints.dir is"
                        + " not set. Name one: target-directory"));
    }

    /** Where savepoints are made. */
    ObjectStore savepoints(String target) {
        return stores().savepoints(target);
    }
}
