package dev.cairn.job;

import java.util.List;
import java.util.Optional;

import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.names.SettingNames;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectStore;

/** The jobs of a directory. */
public final class Jobs {

    /** What to do about a damaged checkpoint. */
    public static final String WAY_OUT =
            "Restore the object from a copy, or continue from an older whole checkpoint: cairn run -s <its chk-<n> directory>,"
                    + " or the setting " + SettingNames.ON_DAMAGE + "=use-older";

    private Jobs() {}

    /** The partitions of a job. @throws JobException when it has none */
    public static List<Integer> partitions(ObjectStore objects, String job) {
        List<Integer> partitions;
        try {
            partitions = CheckpointStore.partitions(objects, job);
        } catch (IllegalArgumentException e) {
            throw noName(job, e);
        }
        if (partitions.isEmpty()) {
            throw new JobException("job " + job + " has no checkpoints in " + objects.location()
                    + ". Correct the job's name or the directory; job list shows what is there");
        }
        return partitions;
    }

    /** How a job was ended, if it was. @throws JobException when that cannot be read */
    public static Optional<JobEnd> end(ObjectStore objects, String job) {
        try {
            return JobEnd.read(objects, job);
        } catch (DamagedCheckpointException e) {
            throw new JobException(Clause.of(e) + ". Delete it, and end the job again or let it run", e);
        } catch (IllegalArgumentException e) {
            throw noName(job, e);
        }
    }

    private static JobException noName(String job, IllegalArgumentException cause) {
        return new JobException("'" + job + "' is not the name of a job. Correct --job or " + SettingNames.JOB, cause);
    }

    /** For a checkpoint that is not there. */
    public static JobException noCheckpoint(CheckpointStore store, long number) {
        return new JobException(
                "there is no chk-" + number + " in " + store.location()
                        + " (any more: a running job retires old ones). Correct the path; checkpoints list shows what is there");
    }
}
