package dev.cairn.cli;

import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import dev.cairn.checkpoint.JobEnd;
import dev.cairn.job.Group;
import dev.cairn.job.JobOperations;
import dev.cairn.settings.Version;
import dev.cairn.storage.ObjectStore;

/** Takes back that a job was ended. */
@Command(name = "start", description = "Let workers run a job again that was cancelled, or stopped with a savepoint.")
final class JobStartCommand implements Callable<Integer> {

    @Mixin
    private DirectoryOption directory;

    @Mixin
    private JobOption job;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String name = job.name();
        Optional<JobEnd> end;
        try (ObjectStore objects = directory.directory().openToChange()) {
            end = new JobOperations(name, Version.VERSION, objects, Group.NOT_ASKED).start();
        }
        spec.commandLine()
                .getOut()
                .println(
                        end.isPresent()
                                ? "job " + name + " may run again: start its workers"
                                : "job " + name + " was not ended, and may run");
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
