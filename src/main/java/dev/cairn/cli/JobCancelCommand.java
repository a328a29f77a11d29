package dev.cairn.cli;

import java.time.Duration;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.cairn.job.Group;
import dev.cairn.job.JobOperations;
import dev.cairn.names.SettingNames;
import dev.cairn.storage.ObjectStore;

/** The end of a job. */
@Command(
        name = "cancel",
        description =
                "End a job for all of its workers, also those that are started later, until job start. What is deleted"
                        + " is for " + SettingNames.RETENTION + " to say.")
final class JobCancelCommand extends OneJobCommand {

    @Option(
            names = "--timeout",
            paramLabel = "<duration>",
            defaultValue = "10min",
            converter = DurationConverter.class,
            description = "How long to wait for the workers' end, where " + SettingNames.KAFKA_BOOTSTRAP_SERVERS
                    + " is set; default: 10min.")
    private Duration timeout;

    /** What is shown. */
    private record Result(String job, JobOperations.Cancelled outcome) {}

    @Override
    public Integer call() {
        String name = job();
        JobOperations.Cancelled outcome;
        try (Group group = group(name);
                ObjectStore objects = directory().openToChange()) {
            outcome = operations(name, objects, group).cancel(timeout, retention());
        }
        String text =
                switch (outcome) {
                    case ENDING ->
                        "job " + name + " is cancelled; its workers end within seconds. "
                                + SettingNames.KAFKA_BOOTSTRAP_SERVERS + " is not"
                                + " set, so that they are not waited for";
                    case ENDED -> "job " + name + " is cancelled, and no worker runs it";
                    case DELETED -> "job " + name + " is cancelled, and no worker runs it; its checkpoints are deleted";
                };
        return print(new Result(name, outcome), text);
    }
}
