package dev.cairn.cli;

import java.time.Duration;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import dev.cairn.job.Group;
import dev.cairn.job.JobOperations;
import dev.cairn.settings.Version;
import dev.cairn.storage.ObjectStore;

/** The end of a job. */
@Command(
        name = "cancel",
        description =
                "End a job for all of its workers, also those that are started later, until job start. What is deleted"
                        + " is for execution.checkpointing.externalized-checkpoint-retention to say.")
final class JobCancelCommand implements Callable<Integer> {

    @Option(
            names = "--timeout",
            paramLabel = "<duration>",
            defaultValue = "10min",
            converter = DurationConverter.class,
            description =
                    "How long to wait for the workers' end, where kafka.bootstrap.servers is set; default: 10min.")
    private Duration timeout;

    @Mixin
    private DirectoryOption directory;

    @Mixin
    private JobOption job;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    /** What is shown. */
    private record Result(String job, JobOperations.Cancelled outcome) {}

    @Override
    public Integer call() {
        String name = job.name();
        JobOperations.Cancelled outcome;
        try (Group group = Groups.of(name);
                ObjectStore objects = directory.directory().openToChange()) {
            outcome = new JobOperations(name, Version.VERSION, objects, group).cancel(timeout, RetentionSetting.get());
        }
        String text =
                switch (outcome) {
                    case ENDING ->
                        "job " + name + " is cancelled; its workers end within seconds. kafka.bootstrap.servers is not"
                                + " set, so that they are not waited for";
                    case ENDED -> "job " + name + " is cancelled, and no worker runs it";
                    case DELETED -> "job " + name + " is cancelled, and no worker runs it; its checkpoints are deleted";
                };
        output.print(spec.commandLine().getOut(), new Result(name, outcome), text);
        return ExitCode.OK;
    }
}
