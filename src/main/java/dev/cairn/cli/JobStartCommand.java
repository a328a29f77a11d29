package dev.cairn.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

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

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    /** What is shown. */
    private record Result(String job, boolean ended) {}

    @Override
    public Integer call() {
        String name = job.name();
        boolean ended;
        try (ObjectStore objects = directory.directory().openToChange()) {
            ended = new JobOperations(name, Version.VERSION, objects, Group.NOT_ASKED)
                    .start()
                    .isPresent();
        }
        output.print(
                spec.commandLine().getOut(),
                new Result(name, ended),
                ended
                        ? "job " + name + " may run again: start its workers"
                        : "job " + name + " was not ended, and may run");
        return ExitCode.OK;
    }
}
