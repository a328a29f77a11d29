package dev.cairn.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.cairn.job.Group;
import dev.cairn.job.JobOperations;
import dev.cairn.settings.Version;
import dev.cairn.storage.ObjectStore;

/** A savepoint of a job as it stands, whether it runs or not. */
@Command(
        name = "create",
        description =
                "Copy the last committed checkpoints of a job, which may run or not, into a savepoint: a directory that"
                        + " needs nothing else. Asks the group which they are where kafka.bootstrap.servers is set.")
final class SavepointCreateCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "[<target>]",
            description = "Directory to make the savepoint in; default: the setting state.savepoints.dir.")
    private String target;

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
        CheckpointsDirectory to = SavepointDirectory.of(target, directory.directory());
        SavepointShown shown;
        try (Group group = Groups.of(name);
                ObjectStore objects = directory.directory().open();
                ObjectStore savepoints = to.openToWrite();
                ProgressBars progress = ProgressBars.of(output)) {
            shown = SavepointShown.of(
                    new JobOperations(name, Version.VERSION, objects, group).createSavepoint(savepoints, progress));
        }
        output.print(spec.commandLine().getOut(), shown, shown.text());
        return ExitCode.OK;
    }
}
