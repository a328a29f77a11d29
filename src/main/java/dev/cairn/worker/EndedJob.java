package dev.cairn.worker;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.job.Group;
import dev.cairn.job.JobOperations;
import dev.cairn.settings.Retention;
import dev.cairn.settings.Settings;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectStore;

/** What a worker does for its job that has ended. */
final class EndedJob {

    private static final Logger LOG = Logger.getLogger(EndedJob.class);
    private static final Duration DELETE_LIMIT = Duration.ofSeconds(30);

    private final Settings settings;
    private final boolean deletes;

    EndedJob(JobEnd end, Settings settings) {
        this.settings = settings;
        this.deletes = end.kind() == JobEnd.Kind.CANCELLED
                && settings.checkpoints().retention() != Retention.RETAIN_ON_CANCELLATION;
        LOG.infof(
                "job %s was %s at %s: this worker takes its last checkpoint, %s",
                settings.job().name(),
                end.kind().name().toLowerCase(Locale.ROOT),
                end.at(),
                deletes ? "and ends; the last worker deletes the job's checkpoints" : "and ends");
    }

    /**
     * Deletes the job's checkpoints, if its end says so. The worker that leaves last finds the group empty. Those that left just
     * before may delete at the same time.
     */
    void tidyUp(String version, ObjectStore objects) {
        if (!deletes) {
            return;
        }
        String job = settings.job().name();
        try (Group group = Group.of(job, Optional.of(settings.kafka()))) {
            new JobOperations(job, version, objects, group).deleteEnded(DELETE_LIMIT);
            LOG.infof("job %s: its checkpoints are deleted", job);
        } catch (RuntimeException e) {
            LOG.warnf(
                    "job %s: its checkpoints are not all deleted: %s. Another worker that is leaving may delete them; if none is"
                            + " left, run cairn job cancel again with the same retention",
                    job, Clause.of(e));
        }
    }
}
