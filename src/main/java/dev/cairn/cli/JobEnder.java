package dev.cairn.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import org.eclipse.microprofile.config.ConfigProvider;

import dev.cairn.checkpoint.CheckpointDeletion;
import dev.cairn.checkpoint.CheckpointStore;
import dev.cairn.checkpoint.GroupSource;
import dev.cairn.checkpoint.GroupView;
import dev.cairn.checkpoint.JobEnd;
import dev.cairn.settings.Retention;
import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;
import dev.cairn.storage.ObjectStore;

/** Ends a job on purpose: marks it, waits until its workers have left, and deletes what is not to stay. */
final class JobEnder {

    private final ObjectStore objects;
    private final String job;
    private final Group group;

    JobEnder(ObjectStore objects, String job, Group group) {
        this.objects = objects;
        this.job = job;
        this.group = group;
    }

    /** @throws CommandException when it has been ended in another way */
    void mark(JobEnd.Kind kind, String savepoint) {
        Jobs.partitions(objects, job);
        JobEnd end = new JobEnd(kind, Instant.now(), savepoint).write(objects, job);
        if (end.kind() != kind) {
            throw new CommandException("job " + job + " was "
                    + end.kind().name().toLowerCase(Locale.ROOT) + " at " + end.at()
                    + " already. Let it run again before: job start");
        }
    }

    /** Waits until the group has no members. @throws CommandException when that takes too long */
    void awaitNoWorkers(GroupPointers pointers, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (pointers.members() != GroupView.Members.NONE) {
            if (System.nanoTime() - deadline > 0) {
                throw new CommandException("the workers of job " + job + " have not all ended within "
                        + limit.toSeconds() + " s. The job stays ended; look at their logs, and run the command again");
            }
            pointers.pause();
        }
    }

    /** What stays, by the settings that this command reads. */
    static Retention retention() {
        try {
            return SettingsReader.retention(ConfigProvider.getConfig());
        } catch (SettingsException e) {
            throw new CommandException(String.join(" ", e.problems()), e);
        }
    }

    /** Deletes all checkpoints; the group's offsets stay, and name none any more. No worker runs. */
    void deleteCheckpoints() {
        group.pointers().ifPresent(GroupPointers::forgetCheckpoints);
        for (int partition : CheckpointStore.partitions(objects, job)) {
            CheckpointStore store = new CheckpointStore(objects, job, partition);
            CheckpointDeletion deletion = new CheckpointDeletion(store, partition, GroupSource.NOT_ASKED);
            deletion.delete(deletion.planAll());
        }
    }
}
