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

/** The end of a job, with its state put aside to be started from. */
@Command(
        name = "stop",
        description =
                "Stop a job with a savepoint: all workers take a last checkpoint and end, and none runs the job again"
                        + " until job start, or until it is started from a path. Needs kafka.bootstrap.servers.")
final class StopCommand implements Callable<Integer> {

    @Option(
            names = "--savepoint",
            arity = "0..1",
            fallbackValue = "",
            required = true,
            paramLabel = "<target>",
            description = "Directory to make the savepoint in; default: the setting state.savepoints.dir.")
    private String target;

    @Option(names = "--drain", description = "Before that, wait until all is processed that is in the input now.")
    private boolean drain;

    @Option(
            names = "--timeout",
            paramLabel = "<duration>",
            defaultValue = "10min",
            converter = DurationConverter.class,
            description = "How long to wait for that, and for the workers' end; default: 10min.")
    private Duration timeout;

    @Mixin
    private DirectoryOption directory;

    @Mixin
    private JobOption job;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String name = job.name();
        CheckpointsDirectory to = SavepointDirectory.of(target.isEmpty() ? null : target, directory.directory());
        SavepointShown shown;
        try (Group group = Groups.of(name);
                ObjectStore objects = directory.directory().openToChange();
                ObjectStore savepoints = to.openToWrite();
                ProgressBars progress = ProgressBars.of(output)) {
            shown = SavepointShown.of(new JobOperations(name, Version.VERSION, objects, group)
                    .stop(
                            drain ? JobOperations.Drain.ALL_INPUT : JobOperations.Drain.NONE,
                            savepoints,
                            timeout,
                            RetentionSetting.get(),
                            progress));
        }
        output.print(spec.commandLine().getOut(), shown, shown.text());
        return ExitCode.OK;
    }
}
